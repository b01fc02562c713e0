#include "world.hpp"

#include <algorithm>

#include "verdict.hpp"

namespace fairlead::check {

bool World::at_home(const char* call) {
  if (loop_.is_home()) return true;
  breaches_.note(kThread, std::string(call) + "() was called on a thread that is not the loop's");
  return false;
}

Conn& World::make_conn(const fairlead_transport& table, Conn::Side side) {
  return *conns_.emplace_back(std::make_unique<Conn>(*this, table, side));
}

void World::leave() {
  inside_ = Inside::nothing;
  if (after_entry) after_entry();
  for (size_t i = 0; i < conns_.size(); ++i) conns_[i]->settle();
}

bool World::comes(const std::function<bool()>& holds, int limit_ms) {
  const uint64_t end = now_ns() + static_cast<uint64_t>(limit_ms) * 1'000'000;
  for (;;) {
    judge();
    if (holds()) return true;
    const uint64_t now = now_ns();
    if (now >= end) return false;
    loop_.turn(static_cast<int>((end - now) / 1'000'000) + 1);
  }
}

void World::until(const std::function<bool()>& holds, std::string_view what, int limit_ms) {
  if (!comes(holds, limit_ms)) fail(std::string(what) + " (waited " + std::to_string(limit_ms) + " ms)");
}

void World::rest() {
  for (int i = 0; i < 5; ++i) loop_.turn(0);
}

void World::end_all() {
  for (size_t i = 0; i < conns_.size(); ++i) {
    conns_[i]->close(FAIRLEAD_CLOSE_ABORT);
    conns_[i]->settle();
  }
  until(
      [&] {
        return std::all_of(conns_.begin(), conns_.end(), [](const auto& one) { return one->is_over(); });
      },
      "a connection did not report closed() after close(ABORT)");
}

void World::forget_conns() {
  former_conns_.swap(conns_);
  conns_.clear();
}

void World::judge() const {
  if (const auto breach = breaches_.first(judged_)) fail(*breach);
}

}  // namespace fairlead::check

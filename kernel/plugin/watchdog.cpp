#include "plugin/watchdog.hpp"

#include <algorithm>

namespace fairlead::plugin {
namespace {

using Milliseconds = std::chrono::milliseconds;

constexpr Milliseconds kWorthALine(1'000);

}  // namespace

Watchdog::Watchdog(base::Log& log, Milliseconds limit, OnBlocked on_blocked)
    : log_(log),
      limit_(limit),
      interval_(std::clamp(limit / 8, Milliseconds(1), Milliseconds(250))),
      on_blocked_(std::move(on_blocked)) {}

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  end_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Watchdog::watch(const std::shared_ptr<Presence>& presence) {
  const std::lock_guard lock(mutex_);
  watched_.push_back({presence, presence->turns(), Milliseconds(0), kWorthALine, false});
}

void Watchdog::start() {
  thread_ = std::thread([this] { run(); });
}

void Watchdog::run() {
  std::unique_lock lock(mutex_);
  while (!is_ending_) {
    const auto before = std::chrono::steady_clock::now();
    end_.wait_for(lock, interval_, [this] { return is_ending_; });
    // A process that was stopped, or a machine that was, is no fault of a plugin.
    const auto since = std::chrono::ceil<Milliseconds>(std::chrono::steady_clock::now() - before);
    lock.unlock();
    look(std::min(since, 2 * interval_));
    lock.lock();
  }
}

void Watchdog::look(Milliseconds since) {
  const std::lock_guard lock(mutex_);
  std::erase_if(watched_, [](const Watched& one) { return one.presence.expired(); });
  for (Watched& one : watched_)
    if (const auto presence = one.presence.lock()) look_at(*presence, one, since);
}

void Watchdog::look_at(const Presence& presence, Watched& watched, Milliseconds since) {
  const uint64_t turns = presence.turns();
  if (turns % 2 == 0 || turns != watched.turns) {
    watched = {watched.presence, turns, Milliseconds(0), kWorthALine, false};
    return;
  }
  watched.stays += since;
  const BlockedCall call{presence.plugin(), presence.call(), watched.stays};
  if (watched.stays >= watched.next_line) {
    watched.next_line *= 2;
    log_.error("plugin.blocked", {{"plugin", call.plugin},
                                  {"in", call.call},
                                  {"for_ms", std::to_string(call.lasts.count())},
                                  {"what", "the loop of this node stands still meanwhile"}});
  }
  if (watched.stays < limit_ || std::exchange(watched.is_told, true)) return;
  on_blocked_(call);
}

}  // namespace fairlead::plugin

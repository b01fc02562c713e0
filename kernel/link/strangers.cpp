#include "link/strangers.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <utility>

#include "base/assert.hpp"

namespace fairlead::link {

Strangers::Strangers(loop::Loop& loop, base::Random& random, Limits limits)
    : loop_(loop), random_(random), limits_(limits), alive_(std::make_shared<bool>(true)) {}

Strangers::~Strangers() { *alive_ = false; }

void Strangers::arrive(base::ConnId id, Stranger& stranger) {
  if (present_.size() >= limits_.most) evict(present_.pick(random_));
  entries_.emplace(id, Entry{&stranger, {}, 0});
  present_.add(id, {});
}

void Strangers::opened(base::ConnId id, const std::string& source) {
  const auto at = entries_.find(id);
  if (at == entries_.end()) return;
  at->second.source = source;
  present_.remove(id);
  present_.add(id, source);
}

void Strangers::ask(base::ConnId id) {
  const auto at = entries_.find(id);
  if (at == entries_.end()) return;
  FAIRLEAD_ASSERT(at->second.ticket == 0);
  if (waiting_ > 0 || begun_ >= limits_.begins_per_turn) return join_line(id, at->second);
  admit(id);
}

void Strangers::give_back(base::ConnId id) noexcept {
  const auto at = entries_.find(id);
  if (at == entries_.end()) return;
  leave_line(at->second);
  holders_.remove(id);
}

void Strangers::leave(base::ConnId id) noexcept {
  give_back(id);
  present_.remove(id);
  entries_.erase(id);
}

void Strangers::admit(base::ConnId id) {
  ++begun_;
  serve_later();
  if (holders_.size() >= limits_.slots) evict(holders_.pick(random_));
  const Entry& entry = entries_.at(id);
  holders_.add(id, entry.source);
  entry.stranger->admitted();
}

void Strangers::evict(base::ConnId id) {
  Stranger* stranger = entries_.at(id).stranger;
  leave(id);
  stranger->evicted();
}

void Strangers::join_line(base::ConnId id, Entry& entry) {
  entry.ticket = ++last_ticket_;
  const auto [line, is_new] = lines_.try_emplace(entry.source);
  if (is_new) order_.push_back(entry.source);
  line->second.tickets.emplace(entry.ticket, id);
  ++waiting_;
  serve_later();
}

/// An empty line keeps its place in the order until its turn comes, so that nobody gets a second one by
/// leaving.
void Strangers::leave_line(Entry& entry) noexcept {
  if (entry.ticket == 0) return;
  lines_.at(entry.source).tickets.erase(std::exchange(entry.ticket, 0));
  --waiting_;
}

bool Strangers::next(base::ConnId& id) {
  while (!order_.empty()) {
    std::string source = std::move(order_.front());
    order_.pop_front();
    const auto line = lines_.find(source);
    auto& tickets = line->second.tickets;
    if (tickets.empty()) {
      lines_.erase(line);
      continue;
    }
    id = tickets.begin()->second;
    leave_line(entries_.at(id));
    order_.push_back(std::move(source));
    return true;
  }
  return false;
}

/// Each login begun asks for one more round, so that the count starts anew and nobody is left waiting.
void Strangers::serve() {
  begun_ = 0;
  base::ConnId id;
  while (begun_ < limits_.begins_per_turn && next(id)) admit(id);
}

void Strangers::serve_later() {
  if (std::exchange(is_scheduled_, true)) return;
  loop_.post([this, alive = alive_] {
    if (!*alive) return;
    is_scheduled_ = false;
    serve();
  });
}

Strangers::Limits stranger_limits() noexcept {
  Strangers::Limits limits;
  rlimit descriptors{};
  if (::getrlimit(RLIMIT_NOFILE, &descriptors) == 0)
    limits.most = std::clamp<size_t>(static_cast<size_t>(descriptors.rlim_cur / 2), 1, limits.most);
  return limits;
}

}  // namespace fairlead::link

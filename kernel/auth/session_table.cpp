#include "auth/session_table.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace fairlead::auth {

using base::Checked;
using base::Refusal;

bool SessionTable::is_taken(const base::Endpoint& endpoint, const InstanceId& instance) const {
  const Session* owner = at(endpoint.text());
  return owner != nullptr && owner->instance != instance && !users(*owner).empty();
}

Checked<void> SessionTable::may_log_in(const base::Endpoint& endpoint, const InstanceId& instance) const {
  if (is_taken(endpoint, instance)) return tl::unexpected(Refusal::endpoint_in_use);
  // A login that replaces its own session must work when the table is full, or it could never come back.
  const bool replaces = at(endpoint.text()) != nullptr;
  if (entries_.size() >= max_sessions_ && !replaces) return tl::unexpected(Refusal::quota);
  return {};
}

/// An instance that logs in again has given up a login that it never used.
void SessionTable::forget_unproved(const Session& successor) {
  for (const uint64_t prefix : std::vector(unproved_)) {
    Session& old = *find(prefix);
    if (old.endpoint == successor.endpoint && old.instance == successor.instance) end(old, Refusal::revoked);
  }
}

Session* SessionTable::add(std::unique_ptr<Session> session, base::MonoTime now) {
  forget_unproved(*session);
  const uint64_t prefix = session->prefix();
  FAIRLEAD_ASSERT(!entries_.contains(prefix));
  Entry& entry = entries_[prefix];
  entry.session = std::move(session);
  entry.idle_since = now;
  unproved_.push_back(prefix);
  return entry.session.get();
}

void SessionTable::prove(Session& session) {
  if (std::exchange(session.proved, true)) return;
  std::erase(unproved_, session.prefix());
  if (Session* old = at(session.endpoint.text())) end(*old, Refusal::revoked);
  by_endpoint_[session.endpoint.text()] = &session;
}

void SessionTable::confirm(Session& session, base::Epoch verified, base::MonoTime now) {
  if (!session.next || session.next->epoch != verified) return;
  session.renew(std::move(*session.next), now);
  session.next.reset();
  session.renewals_in_a_row = 0;
  for (SessionUser* user : users(session)) user->session_renewed();
}

Session* SessionTable::find(uint64_t prefix) const noexcept {
  const auto at = entries_.find(prefix);
  return at == entries_.end() ? nullptr : at->second.session.get();
}

Session* SessionTable::at(std::string_view endpoint) const noexcept {
  const auto found = by_endpoint_.find(endpoint);
  return found == by_endpoint_.end() ? nullptr : found->second;
}

void SessionTable::attach(Session& session, SessionUser& user) {
  const auto at = entries_.find(session.prefix());
  FAIRLEAD_ASSERT(at != entries_.end());
  at->second.users.push_back(&user);
}

void SessionTable::detach(Session& session, SessionUser& user, base::MonoTime now) {
  const auto at = entries_.find(session.prefix());
  if (at == entries_.end()) return;  // it has ended, and its users are being told
  std::erase(at->second.users, &user);
  if (at->second.users.empty()) at->second.idle_since = now;
}

void SessionTable::end(Session& session, Refusal why) {
  session.revoked = true;
  std::erase(unproved_, session.prefix());
  const auto owned = by_endpoint_.find(session.endpoint.text());
  if (owned != by_endpoint_.end() && owned->second == &session) by_endpoint_.erase(owned);
  // Out of the table before anybody is told: a user may ask the table for something else meanwhile.
  const auto ended = entries_.extract(session.prefix());
  FAIRLEAD_ASSERT(!ended.empty());
  for (SessionUser* user : ended.mapped().users) user->session_ended(why);
}

bool SessionTable::is_over(const Entry& entry, base::MonoTime now, std::chrono::nanoseconds idle) const {
  if (now >= entry.session->current.deadline) return true;
  if (!entry.users.empty()) return false;
  const auto unused = now - entry.idle_since;
  return unused >= (entry.session->proved ? idle : std::chrono::nanoseconds(kProveWithin));
}

void SessionTable::sweep(base::MonoTime now, std::chrono::nanoseconds idle) {
  std::vector<uint64_t> over;
  for (auto& [prefix, entry] : entries_) {
    if (is_over(entry, now, idle)) over.push_back(prefix);
    // A lane that has not switched by now meets old_epoch at its next frame.
    if (now - entry.session->renewed >= kSwitchWithin) entry.session->previous.reset();
  }
  for (const uint64_t prefix : over)
    if (Session* session = find(prefix)) end(*session, Refusal::expired);
}

void SessionTable::for_each(const std::function<void(const Session&, size_t)>& body) const {
  for (const auto& [prefix, entry] : entries_) body(*entry.session, entry.users.size());
}

const std::vector<SessionUser*>& SessionTable::users(const Session& session) const {
  const auto at = entries_.find(session.prefix());
  FAIRLEAD_ASSERT(at != entries_.end());
  return at->second.users;
}

}  // namespace fairlead::auth

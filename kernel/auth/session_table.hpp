/// SessionTable: the server's sessions by id and by endpoint, and who must hear when one ends.
#pragma once
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "auth/session.hpp"
#include "base/refusal.hpp"

namespace fairlead::auth {

/// Asked at login and again just before the Grant. Implemented by admin.
class RevocationTable {
 public:
  virtual ~RevocationTable() = default;
  virtual bool is_disabled(std::string_view participant) const = 0;
};

/// One connection of a session; told when the session ends or has new credentials. Implemented by link.
class SessionUser {
 public:
  virtual ~SessionUser() = default;
  /// Session::current is of another epoch now: what leaves from here on is under it.
  virtual void session_renewed() = 0;
  virtual void session_ended(base::Refusal why) = 0;
};

/// Thread rule: the node's loop.
class SessionTable {
 public:
  explicit SessionTable(size_t max_sessions) noexcept : max_sessions_(max_sessions) {}

  /// Policy of `endpoint` and `instance`: endpoint_in_use while another instance has a live connection there,
  /// quota.
  base::Checked<void> may_log_in(const base::Endpoint& endpoint, const InstanceId& instance) const;
  /// Another instance has a live connection under this endpoint.
  bool is_taken(const base::Endpoint& endpoint, const InstanceId& instance) const;
  /// Takes a granted session; it is not reachable by endpoint before prove().
  Session* add(std::unique_ptr<Session> session, base::MonoTime now);
  /// Its first LANE_OPEN verified: it now owns its endpoint and retires an older session of it.
  void prove(Session& session);
  /// A frame of this epoch has verified: a renewal that waited for that becomes current, and every connection
  /// of the session is told.
  void confirm(Session& session, base::Epoch verified, base::MonoTime now);
  Session* find(uint64_t prefix) const noexcept;
  /// The proved session of exactly this endpoint.
  Session* at(std::string_view endpoint) const noexcept;
  void attach(Session& session, SessionUser& user);
  void detach(Session& session, SessionUser& user, base::MonoTime now);
  /// Marks revoked, tells its users and forgets it.
  void end(Session& session, base::Refusal why);
  /// Forgets sessions without a connection for `idle`, unproved ones after 10 s, and expired ones; and what
  /// an epoch before the current one left behind, 10 min after it was over.
  void sweep(base::MonoTime now, std::chrono::nanoseconds idle);
  void for_each(const std::function<void(const Session&, size_t connections)>& body) const;
  /// Users of the session's connections, newest last.
  const std::vector<SessionUser*>& users(const Session& session) const;
  size_t size() const noexcept { return entries_.size(); }

 private:
  static constexpr std::chrono::seconds kProveWithin{10};
  static constexpr std::chrono::minutes kSwitchWithin{10};

  struct Entry {
    std::unique_ptr<Session> session;
    std::vector<SessionUser*> users;
    base::MonoTime idle_since{};
  };
  void forget_unproved(const Session& successor);
  bool is_over(const Entry& entry, base::MonoTime now, std::chrono::nanoseconds idle) const;
  size_t max_sessions_;
  std::vector<uint64_t> unproved_;  // prefixes
  std::unordered_map<uint64_t, Entry> entries_;
  std::unordered_map<std::string_view, Session*> by_endpoint_;  // keys are the sessions' own text
};

}  // namespace fairlead::auth

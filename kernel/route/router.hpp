/// Router: where a verified message goes. Takes nothing that has not passed the gate.
#pragma once
#include <string>
#include <vector>

#include "auth/message.hpp"
#include "auth/session_table.hpp"
#include "auth/verified.hpp"
#include "route/policy.hpp"

namespace fairlead::route {

/// Either the server itself or one or more sessions.
struct Destination {
  bool local = false;
  auth::Session* session = nullptr;  ///< one endpoint
  bool everyone = false;             ///< every client's plain endpoint but the sender's
};

/// Thread rule: the node's loop.
class Router {
 public:
  Router(std::string server_name, Policy policy, const auth::SessionTable& sessions)
      : server_name_(std::move(server_name)), policy_(std::move(policy)), sessions_(sessions) {}

  /// `sender` is the session that the gate admitted the message for. not_allowed (also for a topic that is
  /// not in a delegate's delegation), no_such_endpoint,
  /// deadline_passed (a request without time left).
  base::Checked<Destination> choose(const auth::Verified<auth::Message>& message,
                                    const auth::Session& sender) const;
  /// From now on these rules hold.
  void replace_policy(Policy policy) { policy_ = std::move(policy); }
  /// Is this session one that `*` from `sender` reaches under `topic`?
  bool reaches(const auth::Session& sender, const auth::Session& receiver, std::string_view topic) const;

 private:
  bool is_server(std::string_view participant) const noexcept;

  std::string server_name_;
  Policy policy_;
  const auth::SessionTable& sessions_;
};

}  // namespace fairlead::route

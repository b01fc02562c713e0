/// Actions: what the admin room asks of the node that it is a part of. Implemented by node.
#pragma once
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "auth/session.hpp"
#include "base/refusal.hpp"
#include "base/result.hpp"
#include "base/security.hpp"

namespace fairlead::admin {

/// The newest connection of a session.
struct Connected {
  std::string address;   ///< of the other end
  std::string protocol;  ///< "TLSv1.3"; empty in the clear
  base::MessageSecurity message_security = base::MessageSecurity::mac;
  std::chrono::seconds age{};
};

/// Thread rule: the node's loop.
class Actions {
 public:
  virtual ~Actions() = default;
  /// Nothing when the session has no connection now.
  virtual std::optional<Connected> connected(const auth::Session& session) const = 0;
  /// Ends the session and its connections; who waits for an answer from it is told.
  virtual void end_session(auth::Session& session, base::Refusal why) = 0;
  /// Ends the node in order, from a later turn of the loop: the answer to the request still leaves.
  virtual void drain() = 0;
  /// Uses the kit as it stands now. `done` runs from a later turn and says how that went; not at all when the
  /// node goes first.
  virtual void reload(std::function<void(base::Status status)> done) = 0;
};

}  // namespace fairlead::admin

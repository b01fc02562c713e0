/// Client: a participant that logs in to the server, stays connected and exchanges messages.
#pragma once
#include <chrono>
#include <functional>
#include <memory>

#include "base/log.hpp"
#include "base/security.hpp"
#include "loop/loop.hpp"
#include "node/messenger.hpp"
#include "node/settings.hpp"

namespace fairlead::node {

/// How this participant's own side sees its link.
struct LinkReport {
  std::string address;  ///< "tcp://localhost:8002"
  base::LinkFacts facts;
  base::MessageSecurity message_security = base::MessageSecurity::seal;
  /// The server's wall clock less this one, as both stood at the last full login.
  std::chrono::milliseconds clock_skew{};
};

enum class Persistence {
  once,    ///< give up when the first connection or login fails, or after 10 s; a later loss is the end too
  forever  ///< connect again with back-off, except after a refused first login or a configuration error
};

/// Events of the connection. Run on the loop.
struct ClientEvents {
  std::function<void(const LinkReport& report)> ready{};  ///< each time a login succeeded
  std::function<void(const base::Error& error)> lost{};   ///< connection lost, will be tried again
  std::function<void(const base::Error& error)> ended{};  ///< over for good
};

class Client : public Messenger {
 public:
  /// Opens and verifies the kit, resolves settings, loads the transport. No socket is opened before start().
  /// `loop` and `log` outlive the client; destroy the client on the loop's thread or after the loop has
  /// ended.
  static base::Result<std::unique_ptr<Client>> make(const Settings& settings, Persistence persistence,
                                                    loop::Loop& loop, base::Log& log);
  /// [any] Starts connecting.
  virtual void start(ClientEvents events) = 0;
};

}  // namespace fairlead::node

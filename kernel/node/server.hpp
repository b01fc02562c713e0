/// Server: listens, logs participants in, and passes verified messages between them.
#pragma once
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/log.hpp"
#include "base/refusal.hpp"
#include "loop/loop.hpp"
#include "node/messenger.hpp"
#include "node/settings.hpp"

namespace fairlead::node {

/// What the server counted since its start.
struct ServerCounters {
  uint64_t admitted = 0;   ///< messages that passed the gate, own ones included
  uint64_t delivered = 0;  ///< copies handed to a destination
  uint64_t logins = 0;
  uint64_t resumed = 0;  ///< connections on which a session went on
  uint64_t connections = 0;
  uint64_t logging_in = 0;              ///< connections that have a login slot now
  std::array<uint64_t, 256> refused{};  ///< by code of base::Refusal

  /// {"admitted":N,...,"refused":{"replay":n,...}}; codes that never happened are left out.
  base::Json to_json() const;
};

class Server : public Messenger {
 public:
  /// Opens and verifies the kit, resolves settings, loads transports. No port is opened before start().
  static base::Result<std::unique_ptr<Server>> make(const Settings& settings, loop::Loop& loop,
                                                    base::Log& log);
  /// [home] Opens all listeners or none; their addresses in the order of the configuration.
  virtual base::Result<std::vector<std::string>> start() = 0;
  /// Before start(): an administrator asks the server to end in order. Whoever runs it drains it then;
  /// without this it drains by itself.
  virtual void on_drain_wanted(std::function<void()> wanted) = 0;
  /// [home]
  virtual ServerCounters counters() const = 0;
};

}  // namespace fairlead::node

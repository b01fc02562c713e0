/// Watchdog: notices a plugin that does not return from a call, while the loop of its node stands still.
/// Owned by a node, which decides what becomes of the process.
#pragma once
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/log.hpp"
#include "plugin/presence.hpp"

namespace fairlead::plugin {

/// A call that has not returned.
struct BlockedCall {
  std::string plugin, call;
  std::chrono::milliseconds lasts{};  ///< at least
};

class Watchdog {
 public:
  using Milliseconds = std::chrono::milliseconds;
  /// On the watchdog's thread, once for each call that lasts longer than the limit.
  using OnBlocked = std::function<void(const BlockedCall& call)>;

  /// From a second on a call is in the log as plugin.blocked, again each time it has doubled.
  Watchdog(base::Log& log, Milliseconds limit, OnBlocked on_blocked);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  /// Looks from now on, on a thread of its own. Once.
  void start();
  /// [any] Looks after one more instance for as long as others own it.
  void watch(const std::shared_ptr<Presence>& presence);
  /// [any] One look, `since` after the last one. The thread's own; public so that tests need not wait.
  void look(Milliseconds since);

 private:
  struct Watched {
    std::weak_ptr<Presence> presence;
    uint64_t turns = 0;
    Milliseconds stays{0}, next_line{};
    bool is_told = false;
  };
  void run();
  void look_at(const Presence& presence, Watched& watched, Milliseconds since);

  base::Log& log_;
  const Milliseconds limit_, interval_;
  const OnBlocked on_blocked_;
  std::mutex mutex_;
  std::vector<Watched> watched_;
  std::condition_variable end_;
  bool is_ending_ = false;
  std::thread thread_;
};

}  // namespace fairlead::plugin

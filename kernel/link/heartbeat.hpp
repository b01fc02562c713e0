/// Heartbeat: finds a half-open connection. Beats when nothing arrived for an interval; three in vain are the
/// end.
#pragma once
#include <functional>
#include <memory>

#include "loop/loop.hpp"

namespace fairlead::link {

/// Thread rule: [home].
class Heartbeat {
 public:
  static constexpr int kMaxSilentIntervals = 3;

  /// `received` tells bytes received so far, `beat` sends a PING, `dead` ends the connection.
  struct Actions {
    std::function<uint64_t()> received;
    std::function<void()> beat;
    std::function<void()> dead;
  };
  Heartbeat(loop::Loop& loop, std::chrono::nanoseconds interval, Actions actions);

 private:
  void arm();
  void tick();

  loop::Loop& loop_;
  std::chrono::nanoseconds interval_;
  Actions actions_;
  std::unique_ptr<loop::Timer> timer_;
  uint64_t seen_ = 0;
  base::MonoTime heard_;
  bool beat_now_ = false;
};

}  // namespace fairlead::link

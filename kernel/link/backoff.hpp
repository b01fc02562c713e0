/// Backoff: how long to wait before connecting again. Full jitter, so that sites do not come back in step.
#pragma once
#include <chrono>

#include "base/clock.hpp"
#include "base/random.hpp"

namespace fairlead::link {

/// uniform(0, min(30 s, 0.5 s * 2^n)); starts anew after a connection that held for 60 s. Thread rule:
/// [home].
class Backoff {
 public:
  static constexpr std::chrono::milliseconds kFirst{500}, kMost{30'000};
  static constexpr std::chrono::seconds kHeld{60};

  explicit Backoff(base::Random& random) noexcept : random_(random) {}
  /// The wait before the next attempt.
  std::chrono::milliseconds next();
  void connected(base::MonoTime now) noexcept { since_ = now; }
  void lost(base::MonoTime now) noexcept;

 private:
  base::Random& random_;
  int attempts_ = 0;
  base::MonoTime since_ = base::MonoTime::max();
};

}  // namespace fairlead::link

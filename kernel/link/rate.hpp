/// Rate: how often something may happen, with room for a burst. Pure.
#pragma once
#include <algorithm>
#include <chrono>

#include "base/clock.hpp"

namespace fairlead::link {

/// A bucket of tokens: full at first, refilled with time and by give(). One thread.
class Rate {
 public:
  /// `burst` at once, `per_second` in the long run; both above 0.
  Rate(double burst, double per_second) noexcept : burst_(burst), per_second_(per_second), tokens_(burst) {}

  /// May it happen once more now?
  bool take(base::MonoTime now) noexcept {
    if (now > last_) give(std::chrono::duration<double>(now - last_).count() * per_second_);
    last_ = std::max(last_, now);
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }
  /// Earned in another way than by time.
  void give(double tokens) noexcept { tokens_ = std::min(burst_, tokens_ + tokens); }

 private:
  double burst_, per_second_, tokens_;
  base::MonoTime last_{};
};

}  // namespace fairlead::link

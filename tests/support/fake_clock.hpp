/// FakeClock: both times as a test sets them.
#pragma once
#include "base/clock.hpp"

namespace fairlead::support {

class FakeClock final : public base::Clock {
 public:
  base::WallTime wall() const noexcept override { return wall_; }
  base::MonoTime mono() const noexcept override { return mono_; }

  void set_wall(base::WallTime wall) noexcept { wall_ = wall; }
  void set_mono(base::MonoTime mono) noexcept { mono_ = mono; }
  /// Both clocks go on together.
  void advance(std::chrono::nanoseconds by) noexcept {
    const auto before = std::chrono::floor<base::Milliseconds>(mono_);
    mono_ += by;
    wall_ += std::chrono::floor<base::Milliseconds>(mono_) - before;
  }

 private:
  base::WallTime wall_{std::chrono::milliseconds(1'700'000'000'000)};
  base::MonoTime mono_{std::chrono::hours(1)};
};

}  // namespace fairlead::support

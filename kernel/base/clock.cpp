#include "base/clock.hpp"

namespace fairlead::base {

WallTime SystemClock::wall() const noexcept {
  return std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
}

MonoTime SystemClock::mono() const noexcept { return std::chrono::steady_clock::now(); }

}  // namespace fairlead::base

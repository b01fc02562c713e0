/// Time as a constructor argument: nothing in the kernel asks the system directly.
#pragma once
#include <chrono>

namespace fairlead::base {

using namespace std::chrono_literals;
using Milliseconds = std::chrono::milliseconds;
/// Wall clock, milliseconds since 1970 UTC; may jump.
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;
/// Never goes back; what every deadline is measured with.
using MonoTime = std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>;

/// Source of both times. Thread rule: any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual WallTime wall() const noexcept = 0;
  virtual MonoTime mono() const noexcept = 0;
};

class SystemClock final : public Clock {
 public:
  WallTime wall() const noexcept override;
  MonoTime mono() const noexcept override;
};

}  // namespace fairlead::base

/// MemoryBudget: what a server gives up first when memory gets short. Pure; MemoryGuard acts on it.
#pragma once
#include <cstdint>

namespace fairlead::link {

/// Ordered: each includes what stands before it.
enum class Pressure {
  none,
  reading,  ///< at 80 %: who holds much sends nothing more, until less than 70 % is used
  logins,   ///< at 90 %: nobody sends anything, and nobody new is let in
  shedding  ///< at 95 %: the connection that holds the most goes
};

/// One thread.
class MemoryBudget {
 public:
  /// `cap` in bytes, above 0.
  explicit MemoryBudget(uint64_t cap) noexcept : cap_(cap) {}
  /// What follows from `used` bytes now.
  Pressure update(uint64_t used) noexcept;
  Pressure pressure() const noexcept { return pressure_; }
  uint64_t cap() const noexcept { return cap_; }

 private:
  uint64_t cap_;
  Pressure pressure_ = Pressure::none;
};

/// A quarter of what this process may use: of the machine's memory or, when less, of its control group's
/// limit.
uint64_t default_memory_cap();

}  // namespace fairlead::link

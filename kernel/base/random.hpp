/// Randomness as a constructor argument, so that a test can make a run repeat itself.
#pragma once
#include "base/bytes.hpp"

namespace fairlead::base {

/// Source of random bytes. Thread rule: any thread.
class Random {
 public:
  virtual ~Random() = default;
  /// Fills all of `out`; fit for keys and nonces. Cannot fail: a system without randomness ends the process.
  virtual void fill(MutableByteView out) noexcept = 0;

  template <size_t N>
  ByteArray<N> bytes() noexcept {
    ByteArray<N> out;
    fill(out);
    return out;
  }
  /// Uniform in [0, bound). bound > 0.
  uint64_t below(uint64_t bound) noexcept;
};

/// getrandom(2).
class SystemRandom final : public Random {
 public:
  void fill(MutableByteView out) noexcept override;
};

}  // namespace fairlead::base

/// SeededRandom: the same bytes in every run.
#pragma once
#include "base/random.hpp"

namespace fairlead::support {

/// splitmix64. One thread.
class SeededRandom final : public base::Random {
 public:
  explicit SeededRandom(uint64_t seed) : state_(seed) {}
  void fill(base::MutableByteView out) noexcept override {
    for (uint8_t& byte : out) {
      uint64_t mixed = state_ += 0x9E3779B97F4A7C15;
      mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
      mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
      byte = static_cast<uint8_t>(mixed ^ (mixed >> 31));
    }
  }

 private:
  uint64_t state_;
};

}  // namespace fairlead::support

/// What a fuzz target reads its decisions from.
#pragma once
#include "base/bytes.hpp"

namespace fairlead::fuzz {

/// Decisions and contents, one after another; zeros and nothing once the input has ended. One thread.
class Input {
 public:
  Input(const uint8_t* data, size_t size) noexcept : rest_(data, size) {}

  bool is_over() const noexcept { return rest_.empty(); }
  uint8_t byte() noexcept {
    const base::ByteView one = take(1);
    return one.empty() ? uint8_t{0} : one[0];
  }
  uint16_t number() noexcept {
    const unsigned high = byte(), low = byte();
    return static_cast<uint16_t>(high << 8 | low);
  }
  /// The next `most` bytes, or what is left.
  base::ByteView take(size_t most) noexcept {
    const base::ByteView taken = rest_.first(std::min(most, rest_.size()));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }
  /// A short piece with its length in front.
  base::ByteView piece() noexcept { return take(byte()); }
  base::ByteView rest() noexcept { return take(rest_.size()); }

 private:
  base::ByteView rest_;
};

}  // namespace fairlead::fuzz

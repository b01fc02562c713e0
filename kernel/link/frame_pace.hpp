/// FramePace: finds a peer that begins a frame and then sends it too slowly, to hold memory with few bytes.
/// Pure.
#pragma once
#include <chrono>
#include <cstdint>

#include "base/clock.hpp"

namespace fairlead::link {

/// One connection. Asked from time to time, about once a second.
class FramePace {
 public:
  static constexpr std::chrono::seconds kGrace{30};  ///< within which any frame may arrive
  static constexpr uint64_t kBytesPerSecond = 4096;  ///< that a longer one needs on the whole

  /// What a pipe shows: frames and bytes so far, and whether one has begun and is not complete.
  struct Seen {
    uint64_t frames = 0, bytes = 0;
    bool is_within = false;
  };
  /// Is the frame that is arriving too slow?
  bool is_too_slow(const Seen& seen, base::MonoTime now) noexcept {
    if (!seen.is_within || !was_within_ || seen.frames != frames_) {
      was_within_ = seen.is_within;
      frames_ = seen.frames;
      bytes_ = seen.bytes;
      since_ = now;
      return false;
    }
    const auto took = now - since_;
    if (took <= kGrace) return false;
    const auto seconds = static_cast<uint64_t>(std::chrono::floor<std::chrono::seconds>(took).count());
    return seen.bytes - bytes_ < seconds * kBytesPerSecond;
  }
  /// The pipe did not read: that was not the peer.
  void restart() noexcept { was_within_ = false; }

 private:
  uint64_t frames_ = 0, bytes_ = 0;
  base::MonoTime since_{};
  bool was_within_ = false;
};

}  // namespace fairlead::link

/// Several frames in one packet: ZeroMQ, CURVE and the loop cost as much for each message as for a kilobyte.
/// Behind the kind each frame follows its size, 32 bits, most significant byte first.
#pragma once
#include <algorithm>
#include <vector>

#include "packet.hpp"

namespace zmq_curve {

inline constexpr size_t kFrameHeader = sizeof(uint32_t);
/// A packet of several frames is at most this large, bytes: enough for 15 frames of a kilobyte to share what
/// one message costs. Every peer takes it: max_message is at least four times as much.
inline constexpr size_t kLargestBatch = 16 * 1024;

/// What a connection gathers until the end of a turn.
class Batch {
 public:
  bool empty() const noexcept { return frames_ == 0; }
  size_t frames() const noexcept { return frames_; }
  /// Never for a frame that is too large for any batch.
  bool has_room(size_t frame) const noexcept { return size_with(frame) <= kLargestBatch; }
  /// The packet's, if this frame were in it.
  size_t size_with(size_t frame) const noexcept {
    return std::max(bytes_.size(), kDataHeader) + kFrameHeader + frame;
  }
  /// One frame, `size` bytes in all, for which there is room.
  void add(std::span<const fairlead_bytes> slices, size_t size);
  /// What was added.
  zmq::message_t packet() const { return {bytes_.data(), bytes_.size()}; }
  /// Keeps no memory: most connections are idle.
  void clear() noexcept {
    bytes_ = {};
    frames_ = 0;
  }

 private:
  std::vector<uint8_t> bytes_;
  size_t frames_ = 0;
};

/// How many frames are behind the kind; 0 when something else is: none at all, an empty one, one cut off.
size_t frames_in(std::span<const uint8_t> packet) noexcept;
/// The frame whose header is at `at`, in a packet that has frames_in().
std::span<const uint8_t> frame_at(std::span<const uint8_t> packet, size_t at) noexcept;

}  // namespace zmq_curve

#include "batch.hpp"

namespace zmq_curve {
namespace {

size_t size_at(std::span<const uint8_t> packet, size_t at) noexcept {
  size_t size = 0;
  for (const uint8_t byte : packet.subspan(at, kFrameHeader)) size = size << 8 | byte;
  return size;
}

}  // namespace

void Batch::add(std::span<const fairlead_bytes> slices, size_t size) {
  if (bytes_.empty()) {
    bytes_.reserve(kLargestBatch);
    bytes_.push_back(static_cast<uint8_t>(Kind::kBatch));
  }
  for (int shift = 24; shift >= 0; shift -= 8) bytes_.push_back(static_cast<uint8_t>(size >> shift));
  for (const fairlead_bytes& slice : slices) bytes_.insert(bytes_.end(), slice.data, slice.data + slice.size);
  ++frames_;
}

size_t frames_in(std::span<const uint8_t> packet) noexcept {
  size_t frames = 0, at = kDataHeader;
  for (; at + kFrameHeader < packet.size(); ++frames) {
    const size_t size = size_at(packet, at);
    if (size == 0) return 0;
    at += kFrameHeader + size;
  }
  return at == packet.size() ? frames : 0;
}

std::span<const uint8_t> frame_at(std::span<const uint8_t> packet, size_t at) noexcept {
  return packet.subspan(at + kFrameHeader, size_at(packet, at));
}

}  // namespace zmq_curve

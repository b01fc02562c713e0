/// How much may be under way in one direction of one connection. ZeroMQ's own limits count messages, and on
/// the listening side all peers share one socket, so each connection needs its own.
#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>

#include "packet.hpp"

namespace zmq_curve {

/// What a packet of this size counts as: each frame costs memory beside its bytes.
constexpr uint64_t cost_of(size_t packet, size_t frames = 1) noexcept { return packet + 256 * frames; }

/// Until a peer had this much taken from it nobody knows it yet, so no more may be under way.
inline constexpr uint64_t kFirstWindow = 64 * 1024;
/// Four of the largest messages: a credit for one quarter always lets the next one go.
constexpr uint64_t full_window(int64_t largest_message) noexcept {
  return std::max<uint64_t>(uint64_t{4} << 20, 4 * static_cast<uint64_t>(largest_message));
}
/// More than any receiver of this version grants.
inline constexpr uint64_t kLargestWindow = uint64_t{128} << 20;

class SendWindow {
 public:
  /// A message larger than the window goes alone.
  bool may_send(uint64_t cost) const noexcept {
    const uint64_t under_way = sent_ - taken_;
    return under_way == 0 || under_way + cost <= window_;
  }
  void sent(uint64_t cost) noexcept { sent_ += cost; }
  /// False when it cannot be true: more was taken than sent, less than before, or a window beyond reason.
  bool grant(const Credit& credit) noexcept {
    if (credit.taken > sent_ || credit.taken < taken_ || credit.window > kLargestWindow) return false;
    taken_ = credit.taken;
    window_ = std::max(window_, credit.window);
    return true;
  }

 private:
  uint64_t sent_ = 0, taken_ = 0, window_ = kFirstWindow;
};

class ReceiveWindow {
 public:
  explicit ReceiveWindow(uint64_t full) noexcept : full_(full) {}
  /// False when the peer sends more than it may.
  bool arrived(uint64_t cost) noexcept {
    const uint64_t under_way = arrived_ - taken_;
    arrived_ += cost;
    return under_way == 0 || under_way + cost <= window_;
  }
  /// The kernel has it; a credit when the peer should hear of it.
  std::optional<Credit> taken(uint64_t cost) noexcept {
    taken_ += cost;
    if (taken_ >= kFirstWindow) window_ = full_;
    const bool is_new = window_ == kFirstWindow || told_window_ != window_;
    if (!is_new && taken_ - told_ < window_ / 4) return std::nullopt;
    told_ = taken_;
    told_window_ = window_;
    return Credit{told_, window_};
  }

 private:
  uint64_t full_, arrived_ = 0, taken_ = 0, told_ = 0, window_ = kFirstWindow, told_window_ = kFirstWindow;
};

}  // namespace zmq_curve

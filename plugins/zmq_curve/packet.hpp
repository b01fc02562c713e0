/// Packets: what one ZeroMQ message of this transport is. The first byte says its kind; the kernel's frame is
/// the rest of a data packet, and batch.hpp has the one of several frames.
#pragma once
#include <cstdint>
#include <optional>
#include <span>

#include "zmq_face.hpp"

namespace zmq_curve {

enum class Kind : uint8_t { kHello = 1, kWelcome = 2, kData = 3, kCredit = 4, kEnd = 5, kBatch = 6 };

/// A receiver's word: how much of what was sent it has taken in all, and how much may be under way.
struct Credit {
  uint64_t taken = 0;   ///< bytes since the connection opened, as cost_of() counts
  uint64_t window = 0;  ///< bytes
};

inline constexpr uint8_t kWireVersion = 1;
inline constexpr size_t kDataHeader = 1;

zmq::message_t hello();
zmq::message_t welcome();
zmq::message_t end_packet();
zmq::message_t credit_packet(const Credit& credit);
/// The slices, joined behind the kind.
zmq::message_t data_packet(std::span<const fairlead_bytes> slices);

/// What a packet says it is; nothing for one that is no packet of ours, a wrong length or version included.
std::optional<Kind> kind_of(std::span<const uint8_t> packet);
/// Of a packet whose kind is kCredit.
Credit read_credit(std::span<const uint8_t> packet);

inline std::span<const uint8_t> bytes_of(const zmq::message_t& message) {
  return {message.data<uint8_t>(), message.size()};
}

}  // namespace zmq_curve

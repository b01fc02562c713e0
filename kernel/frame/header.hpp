/// The 40-byte frame header: the first thing read of every frame, and its limits. Pure functions, any thread.
#pragma once
#include "base/bytes.hpp"
#include "base/refusal.hpp"
#include "base/strong.hpp"

namespace fairlead::frame {

enum class FrameType : uint8_t {
  hello = 1,
  login = 3,
  lane_invite = 4,
  lane_open = 5,
  data = 6,
  credit = 7,
  ping = 8,
  pong = 9,
  renew = 10,
  goaway = 11,
  close = 12,
  error = 13
};

/// Bits of Header::flags.
enum : uint8_t { kFirst = 1, kLast = 2, kSealed = 4, kServerToClient = 8, kCompact = 32 };

inline constexpr size_t kHeaderSize = 40, kTagSize = 16;
inline constexpr uint32_t kMagic = 0x464C4401;
inline constexpr uint32_t kMaxBlock = 16384, kMaxBodyBeforeLogin = 16384, kMaxBody = 1024 * 1024;

struct Header {
  FrameType type = FrameType::data;
  uint8_t flags = 0;
  uint16_t block_size = 0;  ///< header_len on the wire
  uint32_t body_size = 0;   ///< body_len on the wire
  base::LaneId lane;        ///< 0 before login; a frame carries a tag exactly when its lane is not 0
  base::Sequence sequence;
  base::Epoch epoch;
  base::StreamId stream;
  uint64_t session_prefix = 0;  ///< first 8 bytes of the session id

  bool has(uint8_t flag) const noexcept { return (flags & flag) != 0; }
  bool is_tagged() const noexcept { return lane.value != 0; }
  /// Bytes of the whole frame on the wire.
  size_t frame_size() const noexcept {
    return kHeaderSize + block_size + body_size + (is_tagged() ? kTagSize : 0);
  }
};

/// What a connection in its present state may receive.
struct Limits {
  uint32_t max_block = kMaxBlock;
  uint32_t max_body = kMaxBodyBeforeLogin;
};

void encode(const Header& header, base::MutableByteView out);  ///< out: kHeaderSize bytes
/// malformed: magic, type, flags, or pre-login fields that must be zero; too_large: above the limits.
base::Checked<Header> decode_header(base::ByteView bytes, const Limits& limits);

/// One whole frame inside a receive buffer. `block` and `body` are writable so that `seal` is opened in
/// place.
struct FrameView {
  Header header;
  base::ByteView header_bytes;
  base::MutableByteView block, body;
  base::ByteView tag;  ///< empty when not tagged
};

/// Outcome of looking for a frame at the front of a buffer.
struct Decoded {
  bool complete = false;
  size_t needed = 0;  ///< bytes the whole frame takes (at least kHeaderSize while the header is not there)
  FrameView frame;    ///< when complete
};
/// Never allocates; reads nothing behind the frame.
base::Checked<Decoded> decode(base::MutableByteView buffer, const Limits& limits);

}  // namespace fairlead::frame

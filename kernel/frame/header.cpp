#include "frame/header.hpp"

#include <algorithm>
#include <optional>

#include "base/assert.hpp"
#include "base/result.hpp"

namespace fairlead::frame {
namespace {

using base::Checked;
using base::Refusal;

constexpr uint8_t kKnownFlags = kFirst | kLast | kSealed | kServerToClient | kCompact;
constexpr uint8_t kDataFlags = kFirst | kLast | kCompact;

enum class Tagging { never, either, always };

/// Nothing for a number that is no frame type.
std::optional<Tagging> tagging_of(uint8_t type) noexcept {
  switch (static_cast<FrameType>(type)) {
    case FrameType::hello:
    case FrameType::login:
    case FrameType::lane_invite:
      return Tagging::never;
    case FrameType::error:
      return Tagging::either;
    case FrameType::lane_open:
    case FrameType::data:
    case FrameType::credit:
    case FrameType::ping:
    case FrameType::pong:
    case FrameType::renew:
    case FrameType::goaway:
    case FrameType::close:
      return Tagging::always;
  }
  return std::nullopt;
}

Header read_fields(base::Reader fields) noexcept {
  Header header;
  header.type = static_cast<FrameType>(fields.integer<uint8_t>());
  header.flags = fields.integer<uint8_t>();
  header.block_size = fields.integer<uint16_t>();
  header.body_size = fields.integer<uint32_t>();
  header.lane = base::LaneId(fields.integer<uint32_t>());
  header.sequence = base::Sequence(fields.integer<uint64_t>());
  header.epoch = base::Epoch(fields.integer<uint32_t>());
  header.stream = base::StreamId(fields.integer<uint32_t>());
  header.session_prefix = fields.integer<uint64_t>();
  return header;
}

/// A frame without a tag says nothing that a tag would have to vouch for.
bool is_blank(const Header& header) noexcept {
  return (header.flags & ~kServerToClient) == 0 && header.sequence.value == 0 && header.epoch.value == 0 &&
         header.session_prefix == 0;
}

/// Streams, header blocks and the flags about them belong to DATA alone.
bool is_plain(const Header& header) noexcept {
  return (header.flags & kDataFlags) == 0 && header.stream.value == 0 && header.block_size == 0;
}

/// The answer to LANE_OPEN decides about sealing, so neither of the two is sealed.
bool may_be_sealed(FrameType type) noexcept { return type != FrameType::lane_open; }

bool is_consistent(const Header& header, Tagging tagging) noexcept {
  if ((header.flags & ~kKnownFlags) != 0) return false;
  if (tagging == (header.is_tagged() ? Tagging::never : Tagging::always)) return false;
  if (!header.is_tagged() && !is_blank(header)) return false;
  if (header.type != FrameType::data && !is_plain(header)) return false;
  return !header.has(kSealed) || may_be_sealed(header.type);
}

/// A peer that speaks something else is told so with its first bytes, not after a time-out.
bool may_become_frame(base::ByteView bytes) noexcept {
  base::ByteArray<4> magic;
  base::store_be(magic, kMagic);
  const size_t there = std::min(bytes.size(), magic.size());
  return base::equal(bytes.first(there), base::ByteView(magic).first(there));
}

Decoded whole(const Header& header, base::MutableByteView buffer) noexcept {
  FrameView view{header, buffer.first(kHeaderSize), {}, {}, {}};
  view.block = buffer.subspan(kHeaderSize, header.block_size);
  view.body = buffer.subspan(kHeaderSize + header.block_size, header.body_size);
  view.tag =
      buffer.subspan(kHeaderSize + header.block_size + header.body_size, header.is_tagged() ? kTagSize : 0);
  return {true, header.frame_size(), view};
}

}  // namespace

void encode(const Header& header, base::MutableByteView out) {
  FAIRLEAD_ASSERT(out.size() >= kHeaderSize);
  base::store_be(out, kMagic);
  out[4] = static_cast<uint8_t>(header.type);
  out[5] = header.flags;
  base::store_be(out.subspan(6), header.block_size);
  base::store_be(out.subspan(8), header.body_size);
  base::store_be(out.subspan(12), header.lane.value);
  base::store_be(out.subspan(16), header.sequence.value);
  base::store_be(out.subspan(24), header.epoch.value);
  base::store_be(out.subspan(28), header.stream.value);
  base::store_be(out.subspan(32), header.session_prefix);
}

Checked<Header> decode_header(base::ByteView bytes, const Limits& limits) {
  if (bytes.size() < kHeaderSize || !may_become_frame(bytes)) return tl::unexpected(Refusal::malformed);
  const auto tagging = tagging_of(bytes[4]);
  const Header header = read_fields(base::Reader(bytes.subspan(sizeof(kMagic))));
  if (!tagging || !is_consistent(header, *tagging)) return tl::unexpected(Refusal::malformed);
  if (header.block_size > limits.max_block || header.body_size > limits.max_body)
    return tl::unexpected(Refusal::too_large);
  return header;
}

Checked<Decoded> decode(base::MutableByteView buffer, const Limits& limits) {
  if (!may_become_frame(buffer)) return tl::unexpected(Refusal::malformed);
  if (buffer.size() < kHeaderSize) return Decoded{false, kHeaderSize, {}};
  FAIRLEAD_TRY(const Header header, decode_header(buffer, limits));
  if (buffer.size() < header.frame_size()) return Decoded{false, header.frame_size(), {}};
  return whole(header, buffer);
}

}  // namespace fairlead::frame

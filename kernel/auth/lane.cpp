#include "auth/lane.hpp"

#include <utility>

#include "auth/key_schedule.hpp"
#include "base/assert.hpp"
#include "base/result.hpp"

namespace fairlead::auth {
namespace {

using base::Checked;
using base::Refusal;
using frame::FrameType;
using frame::Header;

Direction outgoing_of(End end) noexcept {
  return end == End::client ? Direction::client_to_server : Direction::server_to_client;
}
Direction incoming_of(End end) noexcept {
  return end == End::client ? Direction::server_to_client : Direction::client_to_server;
}

size_t size_of(std::span<const base::Slice> body) noexcept {
  size_t size = 0;
  for (const base::Slice& slice : body) size += slice.bytes.size();
  return size;
}

}  // namespace

Lane::Lane(End end, base::LaneId id, const Session& session, const Credentials& credentials,
           const Nonce16& lane_nonce, const Nonce16& client_nonce, LaneLimits limits)
    : end_(end),
      id_(id),
      prefix_(session.prefix()),
      lane_nonce_(lane_nonce),
      client_nonce_(client_nonce),
      limits_(limits),
      outgoing_{credentials.epoch, cipher_of(crypto::AeadUse::protect, credentials.secret)},
      incoming_{credentials.epoch, cipher_of(crypto::AeadUse::open, credentials.secret)} {
  FAIRLEAD_ASSERT(id.value != 0);
}

crypto::LaneCipher Lane::cipher_of(crypto::AeadUse use, const base::Secret& secret) const {
  FAIRLEAD_ASSERT(secret.size() == crypto::kAeadKeySize);
  const Direction direction = use == crypto::AeadUse::protect ? outgoing_of(end_) : incoming_of(end_);
  const base::Secret keys = lane_keys(secret, direction, id_, lane_nonce_, client_nonce_);
  return {use, keys.expose().first(crypto::kAeadKeySize), keys.expose().subspan(crypto::kAeadKeySize)};
}

void Lane::switch_outgoing(const Credentials& credentials) {
  if (outgoing_.epoch == credentials.epoch) return;
  FAIRLEAD_ASSERT(credentials.epoch == outgoing_.epoch.next());
  outgoing_ = {credentials.epoch, cipher_of(crypto::AeadUse::protect, credentials.secret),
               outgoing_.sequence};
  carried_credentials_ = false;
}

bool Lane::has_carried(uint64_t quarters) const noexcept {
  const auto past = [&](const Way& way) {
    return way.frames >= limits_.frames / 4 * quarters || way.bytes >= limits_.bytes / 4 * quarters;
  };
  return past(outgoing_) || past(incoming_);
}

void Lane::protect(FrameType type, uint8_t flags, base::StreamId stream, base::ByteView block_front,
                   base::ByteView block_back, std::span<const base::Slice> body, frame::Outbox& out) {
  const size_t block_size = block_front.size() + block_back.size(), body_size = size_of(body);
  FAIRLEAD_ASSERT(block_size <= frame::kMaxBlock && body_size <= frame::kMaxBody);
  const bool sealed = level_ == base::MessageSecurity::seal && type != FrameType::lane_open;
  Header header{.type = type,
                .flags = flags,
                .block_size = static_cast<uint16_t>(block_size),
                .body_size = static_cast<uint32_t>(body_size),
                .lane = id_,
                .sequence = std::exchange(outgoing_.sequence, outgoing_.sequence.next()),
                .epoch = outgoing_.epoch,
                .stream = stream,
                .session_prefix = prefix_};
  if (sealed) header.flags |= frame::kSealed;
  if (end_ == End::server) header.flags |= frame::kServerToClient;
  ++outgoing_.frames;
  outgoing_.bytes += header.frame_size();
  parts_.assign({block_front, block_back});
  sealed ? protect_seal(header, body, out) : protect_mac(header, body, out);
}

void Lane::protect_mac(const Header& header, std::span<const base::Slice> body, frame::Outbox& out) {
  const size_t size = frame::kHeaderSize + header.block_size;
  const base::MutableByteView front = out.room(size);
  frame::encode(header, front);
  base::copy(parts_[0], front.subspan(frame::kHeaderSize));
  base::copy(parts_[1], front.subspan(frame::kHeaderSize + parts_[0].size()));
  parts_.assign({base::ByteView(front)});
  for (const base::Slice& slice : body) parts_.push_back(slice.bytes);
  const crypto::Tag tag = outgoing_.cipher.tag(header.sequence, parts_);
  out.commit(size);
  for (const base::Slice& slice : body) out.add(slice);
  out.append(tag);
}

void Lane::protect_seal(const Header& header, std::span<const base::Slice> body, frame::Outbox& out) {
  const size_t size = header.frame_size();
  const base::MutableByteView whole = out.room(size);
  frame::encode(header, whole);
  for (const base::Slice& slice : body) parts_.push_back(slice.bytes);
  const size_t content = size - frame::kHeaderSize - frame::kTagSize;
  const crypto::Tag tag = outgoing_.cipher.seal(header.sequence, whole.first(frame::kHeaderSize), parts_,
                                                whole.subspan(frame::kHeaderSize, content));
  base::copy(tag, whole.subspan(frame::kHeaderSize + content));
  out.commit(size);
}

Checked<void> Lane::check_place(const Header& header) const {
  if (header.lane != id_) return tl::unexpected(Refusal::unknown_lane);
  const bool from_server = header.has(frame::kServerToClient);
  if (from_server != (end_ == End::client) || header.session_prefix != prefix_)
    return tl::unexpected(Refusal::malformed);
  if (header.epoch != incoming_.epoch && header.epoch != incoming_.epoch.next())
    return tl::unexpected(Refusal::old_epoch);
  return {};
}

bool Lane::authenticate(const frame::FrameView& frame, crypto::LaneCipher& cipher) {
  // decode() gives views of one buffer: the block follows the header, the body the block.
  const base::MutableByteView content(frame.block.data(), frame.block.size() + frame.body.size());
  if (!frame.header.has(frame::kSealed)) {
    const base::ByteView whole(frame.header_bytes.data(), frame.header_bytes.size() + content.size());
    return cipher.check(frame.header.sequence, {&whole, 1}, frame.tag);
  }
  return cipher.open(frame.header.sequence, frame.header_bytes, content, frame.tag);
}

Checked<void> Lane::open(const frame::FrameView& frame, const Session& session) {
  const Header& header = frame.header;
  FAIRLEAD_TRY(check_place(header));
  const bool switches = header.epoch != incoming_.epoch;
  const Credentials* next = switches ? session.of(header.epoch) : nullptr;
  if (switches && (next == nullptr || next->secret.empty())) return tl::unexpected(Refusal::old_epoch);
  if (!switches && (incoming_.frames >= limits_.frames || incoming_.bytes >= limits_.bytes))
    return tl::unexpected(Refusal::old_epoch);
  if (header.sequence < incoming_.sequence) return tl::unexpected(Refusal::replay);
  if (header.sequence > incoming_.sequence) return tl::unexpected(Refusal::malformed);
  if (level_ == base::MessageSecurity::seal && !header.has(frame::kSealed))
    return tl::unexpected(Refusal::security_floor);
  if (switches) {
    crypto::LaneCipher cipher = cipher_of(crypto::AeadUse::open, next->secret);
    if (!authenticate(frame, cipher)) return tl::unexpected(Refusal::bad_tag);
    incoming_ = {next->epoch, std::move(cipher), incoming_.sequence};
  } else if (!authenticate(frame, incoming_.cipher)) {
    return tl::unexpected(Refusal::bad_tag);
  }
  incoming_.sequence = incoming_.sequence.next();
  ++incoming_.frames;
  incoming_.bytes += header.frame_size();
  return {};
}

void Lane::raise_level(base::MessageSecurity level) noexcept { level_ = stronger(level_, level); }

}  // namespace fairlead::auth

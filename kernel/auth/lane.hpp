/// Lane: keys and counters of one connection. Protects what goes out, opens what comes in, in strict order.
#pragma once
#include <memory>
#include <span>

#include "auth/hello.hpp"
#include "auth/session.hpp"
#include "base/refusal.hpp"
#include "crypto/aead.hpp"
#include "frame/header.hpp"
#include "frame/outbox.hpp"

namespace fairlead::auth {

/// Keys: lane = Expand(sec_n, "FAIRLEAD1 lane" || direction || lane id || lane_nonce || client_nonce, 44).
/// Thread rule: one thread at a time.
class Lane {
 public:
  Lane(End end, base::LaneId id, const Session& session, const Nonce16& lane_nonce,
       const Nonce16& client_nonce);

  /// Appends one protected frame: header, block (two parts, one after the other), body, tag. Consumes a
  /// sequence. mac: body slices are held, not copied; seal: block and body are encrypted into the outbox's
  /// memory. LANE_OPEN is always mac, whatever the level.
  void protect(frame::FrameType type, uint8_t flags, base::StreamId stream, base::ByteView block_front,
               base::ByteView block_back, std::span<const base::Slice> body, frame::Outbox& out);
  /// Direction flag and session prefix, lane, epoch, sequence = last + 1, level, tag. Decrypts in place.
  /// unknown_lane, old_epoch, replay (already used), malformed (gap, wrong direction or prefix),
  /// security_floor (not sealed on a seal lane), bad_tag. Any failure ends the connection.
  base::Checked<void> open(const frame::FrameView& frame);

  base::LaneId id() const noexcept { return id_; }
  base::MessageSecurity level() const noexcept { return level_; }
  /// Raises the level; it never falls.
  void raise_level(base::MessageSecurity level) noexcept;
  base::Sequence next_outgoing() const noexcept { return outgoing_; }
  End end() const noexcept { return end_; }
  /// A first frame with types 1 to 3 has left: from now on compact headers may be used where agreed.
  bool has_carried_credentials() const noexcept { return carried_credentials_; }
  void note_credentials_carried() noexcept { carried_credentials_ = true; }

 private:
  struct Keys;
  Lane(End end, base::LaneId id, const Session& session, const Keys& keys);
  void protect_mac(const frame::Header& header, std::span<const base::Slice> body, frame::Outbox& out);
  void protect_seal(const frame::Header& header, std::span<const base::Slice> body, frame::Outbox& out);
  base::Checked<void> check_place(const frame::Header& header) const;
  bool authenticate(const frame::FrameView& frame);

  End end_;
  base::LaneId id_;
  uint64_t prefix_;
  base::Epoch epoch_;
  base::MessageSecurity level_ = base::MessageSecurity::mac;
  base::Sequence outgoing_, expected_;
  bool carried_credentials_ = false;
  crypto::LaneCipher protect_, open_;
  std::vector<base::ByteView> parts_;  // of the frame in work; kept for its capacity
};

}  // namespace fairlead::auth

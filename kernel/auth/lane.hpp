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

/// What one direction of a lane may carry under one epoch's keys.
struct LaneLimits {
  uint64_t frames = 1ull << 32;
  uint64_t bytes = 1ull << 40;
};

/// Keys: lane = Expand(sec_n, "FAIRLEAD1 lane" || direction || lane id || lane_nonce || client_nonce, 44).
/// Each direction moves on to the next epoch of its session once, by itself; its sequence goes on counting.
/// Thread rule: one thread at a time.
class Lane {
 public:
  /// Under the session's current epoch.
  Lane(End end, base::LaneId id, const Session& session, const Nonce16& lane_nonce,
       const Nonce16& client_nonce)
      : Lane(end, id, session, session.current, lane_nonce, client_nonce, {}) {}
  /// Under one epoch of the session, whose secret must be there.
  Lane(End end, base::LaneId id, const Session& session, const Credentials& credentials,
       const Nonce16& lane_nonce, const Nonce16& client_nonce, LaneLimits limits);

  /// Appends one protected frame: header, block (two parts, one after the other), body, tag. Consumes a
  /// sequence. mac: body slices are held, not copied; seal: block and body are encrypted into the outbox's
  /// memory. LANE_OPEN is always mac, whatever the level.
  void protect(frame::FrameType type, uint8_t flags, base::StreamId stream, base::ByteView block_front,
               base::ByteView block_back, std::span<const base::Slice> body, frame::Outbox& out);
  /// Direction flag and session prefix, lane, epoch, sequence = last + 1, level, tag. Decrypts in place. A
  /// frame of the next epoch switches this direction when its tag is right.
  /// unknown_lane, old_epoch (neither this epoch nor the next, or more than LaneLimits), replay (already
  /// used), malformed (gap, wrong direction or prefix), security_floor (not sealed on a seal lane), bad_tag.
  /// Any failure ends the connection.
  base::Checked<void> open(const frame::FrameView& frame, const Session& session);
  /// What leaves from now on is under the next epoch; nothing happens when it is already.
  void switch_outgoing(const Credentials& credentials);

  base::LaneId id() const noexcept { return id_; }
  base::MessageSecurity level() const noexcept { return level_; }
  /// Raises the level; it never falls.
  void raise_level(base::MessageSecurity level) noexcept;
  base::Sequence next_outgoing() const noexcept { return outgoing_.sequence; }
  base::Epoch outgoing_epoch() const noexcept { return outgoing_.epoch; }
  base::Epoch incoming_epoch() const noexcept { return incoming_.epoch; }
  End end() const noexcept { return end_; }
  /// Half of what LaneLimits allow has passed in one direction: time for a renewal.
  bool wants_new_keys() const noexcept { return has_carried(2); }
  /// Three quarters: the connection must end before the limit is reached.
  bool is_nearly_used_up() const noexcept { return has_carried(3); }
  /// A first frame with types 1 to 3 has left under this epoch: compact headers may be used where agreed.
  bool has_carried_credentials() const noexcept { return carried_credentials_; }
  void note_credentials_carried() noexcept { carried_credentials_ = true; }

 private:
  /// One direction.
  struct Way {
    base::Epoch epoch;
    crypto::LaneCipher cipher;
    base::Sequence sequence{};       ///< of the next frame
    uint64_t frames = 0, bytes = 0;  ///< under this epoch
  };
  crypto::LaneCipher cipher_of(crypto::AeadUse use, const base::Secret& secret) const;
  void protect_mac(const frame::Header& header, std::span<const base::Slice> body, frame::Outbox& out);
  void protect_seal(const frame::Header& header, std::span<const base::Slice> body, frame::Outbox& out);
  base::Checked<void> check_place(const frame::Header& header) const;
  static bool authenticate(const frame::FrameView& frame, crypto::LaneCipher& cipher);
  bool has_carried(uint64_t quarters) const noexcept;

  End end_;
  base::LaneId id_;
  uint64_t prefix_;
  Nonce16 lane_nonce_, client_nonce_;
  LaneLimits limits_;
  base::MessageSecurity level_ = base::MessageSecurity::mac;
  bool carried_credentials_ = false;
  Way outgoing_, incoming_;
  std::vector<base::ByteView> parts_;  // of the frame in work; kept for its capacity
};

}  // namespace fairlead::auth

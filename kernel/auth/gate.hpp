/// The gate: the one place where received frames become messages that may be acted upon.
#pragma once
#include <optional>
#include <unordered_map>

#include "auth/lane.hpp"
#include "auth/message.hpp"
#include "auth/verified.hpp"

namespace fairlead::auth {

/// Caps of what one lane may have unfinished.
struct GateLimits {
  uint64_t max_message = 16ull * 1024 * 1024;     ///< payload of one message, bytes
  uint64_t max_unfinished = 16ull * 1024 * 1024;  ///< payload bytes of all messages not yet complete
  uint32_t max_streams = 64;
};

/// Receiving side of one lane. Thread rule: one thread at a time.
/// At the server (End::server) client name, token and signature must stand on every first frame (compact: on
/// the lane's first message of each epoch) and equal the session's for the frame's epoch; `from` must be the
/// session's endpoint or below it. At a client (End::client) types 1 to 3 must be absent. In a message with
/// compact headers those fields stay empty: the session has them.
class Gate {
 public:
  Gate(End end, GateLimits limits) noexcept : end_(end), limits_(limits) {}

  /// A DATA frame that belongs to `session`, in the order of the protocol's steps 4 to 13. Nothing when the
  /// message is not complete yet; a refusal ends the connection. `owner` keeps the frame's memory.
  base::Checked<std::optional<Verified<Message>>> admit(const frame::FrameView& frame,
                                                        const base::BlockRef& owner, Lane& lane,
                                                        const Session& session, base::MonoTime now);
  /// A frame of another kind (PING, PONG, RENEW, CLOSE, ERROR, GOAWAY): tag, order and session state only.
  /// wrong_state for a kind that a lane does not carry: CREDIT is reserved, the rest belongs to logins.
  base::Checked<void> admit_control(const frame::FrameView& frame, Lane& lane, const Session& session,
                                    base::MonoTime now);
  uint64_t unfinished_bytes() const noexcept { return unfinished_; }

 private:
  struct Open {
    Message message;
    uint64_t received = 0;
  };
  using Outcome = base::Checked<std::optional<Verified<Message>>>;
  Outcome begin(const frame::FrameView& frame, const base::BlockRef& owner, const Session& session,
                base::MonoTime now);
  Outcome proceed(const frame::FrameView& frame, const base::BlockRef& owner, const Session& session,
                  base::MonoTime now);
  base::Checked<void> check_start(const frame::FrameView& frame, uint64_t total) const;
  base::Checked<void> check_next(const frame::FrameView& frame, const Open& open) const;
  base::Checked<void> check_session(base::Epoch epoch, const Session& session, base::MonoTime now) const;
  base::Checked<void> check_credentials(const frame::Header& header, const frame::MessageHeaders& headers,
                                        const Session& session);

  End end_;
  GateLimits limits_;
  std::unordered_map<uint32_t, Open> open_;
  uint64_t unfinished_ = 0;
  std::optional<base::Epoch> seen_credentials_;  // of a frame of this lane
};

/// Appends a message as one or more protected frames of at most kMaxBody each. `session` gives the
/// credentials at a client (full headers unless compact was agreed and the lane has carried them); the server
/// adds none.
void protect_message(const Message& message, End end, const Session& session, Lane& lane,
                     base::StreamId stream, frame::Outbox& out);

}  // namespace fairlead::auth

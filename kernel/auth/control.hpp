/// Control frames: PING, PONG, GOAWAY, CLOSE, ERROR. Bodies are strict TLVs. Used by link and by the logins.
/// Pure, any thread.
#pragma once
#include <optional>
#include <string>

#include "auth/lane.hpp"
#include "frame/message_headers.hpp"

namespace fairlead::auth {

/// What the peer said in an ERROR frame. With `about` one message was refused and the connection goes on.
struct RemoteError {
  base::Refusal code = base::Refusal::malformed;
  std::string text;
  std::optional<frame::MessageId> about;
};

/// `number` comes back in the PONG.
void append_ping(uint64_t number, Lane& lane, frame::Outbox& out);
void append_pong(uint64_t number, Lane& lane, frame::Outbox& out);
void append_goaway(Lane& lane, frame::Outbox& out);
void append_close(Lane& lane, frame::Outbox& out);
/// Without a lane the frame is an unauthenticated one of a server: only a hint to its receiver. `about` needs
/// a lane. Of `text` at most kMaxErrorText bytes are sent; what is not printable ASCII becomes '?'.
void append_error(base::Refusal code, std::string_view text, const frame::MessageId* about, Lane* lane,
                  frame::Outbox& out);

/// bad_headers unless strict and complete. decode_ping also reads PONG.
base::Checked<uint64_t> decode_ping(base::ByteView body);
/// Refuses an unknown code, and a code that is not about one message beside `about`.
base::Checked<RemoteError> decode_error(base::ByteView body);
/// GOAWAY and CLOSE say everything with their type.
base::Checked<void> decode_empty(base::ByteView body);

/// May this code refuse one message while the connection goes on? The routing codes, and id_reused.
bool is_about_one_message(base::Refusal code) noexcept;
inline constexpr uint16_t kMaxErrorText = 512;

}  // namespace fairlead::auth

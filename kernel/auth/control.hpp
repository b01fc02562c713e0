/// Control frames: PING, PONG, GOAWAY, CLOSE, ERROR. Bodies are strict TLVs.
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
/// Without a lane the frame is unauthenticated: only a hint to its receiver. `about` needs a lane.
void append_error(base::Refusal code, std::string_view text, const frame::MessageId* about, Lane* lane,
                  frame::Outbox& out);

base::Checked<uint64_t> decode_ping(base::ByteView body);
base::Checked<RemoteError> decode_error(base::ByteView body);

}  // namespace fairlead::auth

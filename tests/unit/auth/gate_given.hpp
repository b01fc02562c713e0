/// A gate with a logged-in client in front of it that keeps no rule.
#pragma once
#include "auth/gate.hpp"
#include "given.hpp"

namespace fairlead::auth {

using frame::kCompact;
using frame::kFirst;
using frame::kLast;

struct GateTest : ::testing::Test {
  /// A frame with any header block, protected by the client's lane: what a member could send that keeps no
  /// rule.
  base::Bytes forged(base::ByteView block, std::string_view body = "hello", uint8_t flags = kFirst | kLast,
                     uint32_t stream = 1) {
    return forged_by(*pair.client_lane, block, body, flags, stream);
  }
  base::Bytes forged_by(Lane& lane, base::ByteView block, std::string_view body, uint8_t flags,
                        uint32_t stream) {
    frame::Outbox out(pair.world->memory);
    const base::Slice slice = base::copy_to_slice(base::as_bytes(body));
    lane.protect(frame::FrameType::data, flags, base::StreamId(stream), block, {}, {&slice, 1}, out);
    return Connection::take(out);
  }
  base::Bytes block_of(const Draft& draft, std::string_view name, base::ByteView with_token,
                       base::ByteView with_signature, uint64_t total = 5) const {
    Message message = compose(draft);
    message.headers.total_length = total;
    base::Bytes block;
    frame::append_credentials(block, name, with_token, with_signature);
    frame::append_portable(block, message.headers);
    return block;
  }
  base::Bytes good_block(uint64_t total = 5) const {
    const Session& session = *pair.client_session;
    return block_of(a_draft(), session.participant(), session.current.token, session.current.token_signature,
                    total);
  }
  base::Refusal answer(const base::Bytes& frames) { return refusal_of(pair.server_takes(frames)); }
  void limit(GateLimits limits) { pair.server_gate = Gate(End::server, limits); }

  LoggedIn pair = GivenLoggedInPair();
  const base::Bytes token = pair.client_session->current.token;
  const base::Bytes signature = pair.client_session->current.token_signature;
};

}  // namespace fairlead::auth

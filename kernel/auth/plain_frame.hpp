/// Frames without a tag: what travels before a lane is up. Used by the login machines.
#pragma once
#include "auth/link_rules.hpp"
#include "frame/header.hpp"
#include "frame/outbox.hpp"

namespace fairlead::auth {

/// The whole frame; `body` has at most kMaxBodyBeforeLogin bytes.
base::Bytes plain_frame(frame::FrameType type, End from, base::ByteView body);
/// LOGIN frames that carry these bytes of the handshake; none for no bytes.
void append_login(base::ByteView tls_bytes, End from, frame::Outbox& out);

}  // namespace fairlead::auth

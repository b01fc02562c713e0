/// Bodies of the frames that lead to a lane: LANE_INVITE, HELLO, LANE_OPEN. Used by both login machines.
#pragma once
#include "auth/link_rules.hpp"
#include "auth/session.hpp"

namespace fairlead::auth {

using Nonce16 = base::ByteArray<16>;

/// Version of this protocol, the only one. Version lists are 1 to 16 bytes, one number each, ascending.
inline constexpr uint8_t kVersion = 1;

/// Server to client, the first frame of every connection.
struct LaneInvite {
  Nonce16 lane_nonce{};
  base::ByteArray<8> boot_id{};
  base::Bytes versions{kVersion};
  uint32_t max_block = 0, max_body = 0;  ///< what the server receives on the lane
};

/// Client to server, when it needs to log in.
struct Hello {
  base::Bytes versions{kVersion};
  base::Digest audience{};
};

/// First frame of a lane in either direction, authenticated, readable.
struct LaneOpen {
  Nonce16 client_nonce{};  ///< the server repeats it
  ObservedLink observed;
  /// Client: what it asks for. Server: the lane's level from the next frame on.
  base::MessageSecurity level = base::MessageSecurity::automatic;
};

base::Bytes encode(const LaneInvite& invite);
base::Bytes encode(const Hello& hello);
base::Bytes encode(const LaneOpen& open);
/// bad_headers unless strict and complete; `downgrade` when version 1 is not offered.
base::Checked<LaneInvite> decode_lane_invite(base::ByteView body);
base::Checked<Hello> decode_hello(base::ByteView body);
base::Checked<LaneOpen> decode_lane_open(base::ByteView body);

}  // namespace fairlead::auth

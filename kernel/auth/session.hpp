/// Session: what one successful login made, at either end. Lives longer than its connections.
#pragma once
#include <string>

#include "base/clock.hpp"
#include "base/names.hpp"
#include "base/secret.hpp"
#include "base/security.hpp"
#include "base/strong.hpp"

namespace fairlead::auth {

using SessionId = base::ByteArray<16>;
using InstanceId = base::ByteArray<16>;  ///< random at process start

struct Session {
  SessionId id{};
  base::Endpoint endpoint;
  base::ParticipantType type = base::ParticipantType::client;
  std::string org, role;
  InstanceId instance{};
  base::Digest certificate_sha256{};
  /// Client: the server's login certificate, which every further connection must show again in mtls.
  base::Digest server_certificate_sha256{};
  base::Bytes token, token_signature;
  base::Bytes credentials;  ///< types 1 to 3, encoded once; empty: encoded for each message
  base::WallTime expires{};
  base::MonoTime deadline{};  ///< the same moment on the clock that never goes back
  std::chrono::seconds renew_after{};
  base::Epoch epoch;
  base::Secret secret;                                       ///< sec_n of this epoch, 32 bytes
  base::MessageSecurity floor = base::MessageSecurity::mac;  ///< stronger of both manifests and both wishes
  bool compact_headers = false;
  bool revoked = false;       ///< kicked, disabled, replaced: every further frame is refused
  uint32_t lanes_opened = 0;  ///< client: id of the last lane
  bool proved = false;        ///< server: a LANE_OPEN of this session has verified

  uint64_t prefix() const noexcept { return base::load_be<uint64_t>(id); }
  std::string_view participant() const noexcept { return endpoint.participant(); }
};

}  // namespace fairlead::auth

/// Session: what one successful login made, at either end. Lives longer than its connections, and changes its
/// token and its keys with each renewal.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/names.hpp"
#include "base/secret.hpp"
#include "base/security.hpp"
#include "base/strong.hpp"

namespace fairlead::auth {

using SessionId = base::ByteArray<16>;
using InstanceId = base::ByteArray<16>;  ///< random at process start

/// A verified certificate path in DER, leaf first, without the root. Asked about again when the revocation
/// lists change.
using DerPath = std::vector<base::Bytes>;

/// What a login or a renewal gave: one epoch of a session.
struct Credentials {
  base::Epoch epoch;
  base::Bytes token, token_signature;
  base::Bytes encoded;  ///< types 1 to 3, encoded once; empty: encoded for each message
  DerPath signer_path;  ///< client: of who signed the token
  base::WallTime expires{};
  base::MonoTime deadline{};           ///< the same moment on the clock that never goes back
  std::chrono::seconds renew_after{};  ///< from when they were made
  base::Secret secret;                 ///< sec_n, 32 bytes; empty once no lane can need it
};

struct Session {
  SessionId id{};
  base::Endpoint endpoint;
  base::ParticipantType type = base::ParticipantType::client;
  std::string org, role;
  InstanceId instance{};
  base::Digest certificate_sha256{};
  base::WallTime certificate_expires{};  ///< server: of what the login stands on
  /// Server: what a delegate may send, as in its delegation; absent for participants themselves.
  std::optional<std::vector<std::string>> topics;
  /// Client: the server's login certificate, which every further connection must show again in mtls.
  base::Digest server_certificate_sha256{};
  DerPath peer_path;                       ///< what the other end proved itself with at login
  base::ByteArray<8> boot_id{};            ///< client: of the server process that knows this session
  std::chrono::milliseconds clock_skew{};  ///< client: the server's wall clock less our own, at login
  Credentials current;
  /// Server: a renewal that was answered; current once a frame under its epoch has verified.
  std::optional<Credentials> next;
  /// The epoch before, without its secret, for frames of lanes that have not switched yet.
  std::optional<Credentials> previous;
  base::MonoTime logged_in{}, renewed{};                     ///< renewed: when `current` became it
  base::MonoTime asked_renewal{};                            ///< server: the last RENEW that was answered
  uint32_t renewals_in_a_row = 0;                            ///< server: RENEWs without a confirmation
  base::MessageSecurity floor = base::MessageSecurity::mac;  ///< stronger of both manifests and both wishes
  bool compact_headers = false;
  bool revoked = false;       ///< kicked, disabled, replaced: every further frame is refused
  uint32_t lanes_opened = 0;  ///< client: id of the last lane
  bool proved = false;        ///< server: a LANE_OPEN of this session has verified

  uint64_t prefix() const noexcept { return base::load_be<uint64_t>(id); }
  std::string_view participant() const noexcept { return endpoint.participant(); }
  /// The credentials of this epoch; nullptr when it is over or yet to come.
  const Credentials* of(base::Epoch epoch) const noexcept;
  /// `fresh` becomes current, what was current becomes previous and its secret is wiped.
  void renew(Credentials fresh, base::MonoTime now);
};

}  // namespace fairlead::auth

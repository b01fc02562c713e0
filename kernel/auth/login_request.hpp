/// LoginRequest: what a client says about itself inside the handshake. Nothing in it is believed before the
/// checks of login_checks.hpp.
#pragma once
#include <string>

#include "auth/link_rules.hpp"
#include "auth/session.hpp"
#include "crypto/delegation.hpp"

namespace fairlead::auth {

/// What a delegate sends along: the delegation, and the certificates of the site that signed it, leaf first,
/// without the root.
struct DelegationProof {
  crypto::SignedDelegation made;
  DerPath site_chain;  ///< 1 to kMaxSiteChain certificates
};
inline constexpr size_t kMaxSiteChain = 4;

struct LoginRequest {
  std::string project, name;
  base::ParticipantType type = base::ParticipantType::client;
  std::string endpoint;
  InstanceId instance{};
  base::ConnectionSecurity configured = base::ConnectionSecurity::mtls;
  ObservedLink observed;
  base::MessageSecurity wanted = base::MessageSecurity::automatic;
  bool compact_headers = false;
  base::Digest prelude{};  ///< H0 as the client computed it
  std::optional<DelegationProof> delegation{};
};

base::Bytes encode(const LoginRequest& request);
/// bad_headers unless strict and complete.
base::Checked<LoginRequest> decode_login_request(base::ByteView content);

}  // namespace fairlead::auth

/// LoginRequest: what a client says about itself inside the handshake. Nothing in it is believed before the
/// checks of login_checks.hpp.
#pragma once
#include <string>

#include "auth/link_rules.hpp"
#include "auth/session.hpp"

namespace fairlead::auth {

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
};

base::Bytes encode(const LoginRequest& request);
/// bad_headers unless strict and complete.
base::Checked<LoginRequest> decode_login_request(base::ByteView content);

}  // namespace fairlead::auth

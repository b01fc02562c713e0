/// What a server answers to a LoginRequest inside the handshake: a Grant or a refusal. Pure, any thread.
#pragma once
#include <string>

#include "auth/session.hpp"
#include "base/refusal.hpp"

namespace fairlead::auth {

struct Grant {
  SessionId sid{};
  base::Bytes token, token_signature;
  base::Bytes signer_der;  ///< certificate of the key that signed the token
  std::chrono::seconds lifetime{}, renew_after{};
  std::chrono::milliseconds heartbeat{};
  uint32_t max_block = 0, max_body = 0;  ///< what the server receives
  base::WallTime server_time{};
  base::ByteArray<8> boot_id{};
  base::Digest prelude{};                                          ///< H0 as the server computed it
  base::MessageSecurity floor = base::MessageSecurity::automatic;  ///< of the server
};

struct LoginRefusal {
  base::Refusal code = base::Refusal::login_refused;
  std::string reference;  ///< finds the server's log line
};

base::Bytes encode(const Grant& grant);
base::Bytes encode(const LoginRefusal& refusal);
/// bad_headers unless strict and complete.
base::Checked<Grant> decode_grant(base::ByteView content);
base::Checked<LoginRefusal> decode_login_refusal(base::ByteView content);

}  // namespace fairlead::auth

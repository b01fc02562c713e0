/// Bodies of RENEW frames: the client's question and the server's answer. Pure, any thread.
#pragma once
#include "auth/hello.hpp"
#include "crypto/key_agreement.hpp"

namespace fairlead::auth {

/// Client to server.
struct RenewRequest {
  crypto::X25519Public key{};
  Nonce16 nonce{};
};

/// Server to client: everything that a Grant says about a token, because the signer may be another by now.
struct RenewAnswer {
  crypto::X25519Public key{};
  base::Bytes token, token_signature;
  base::Bytes signer_der;              ///< certificate of the key that signed the token
  std::chrono::seconds renew_after{};  ///< from now
};

base::Bytes encode(const RenewRequest& request);
base::Bytes encode(const RenewAnswer& answer);
/// bad_headers unless strict and complete.
base::Checked<RenewRequest> decode_renew_request(base::ByteView body);
base::Checked<RenewAnswer> decode_renew_answer(base::ByteView body);

}  // namespace fairlead::auth

/// What a client asks of a Grant, and the session that follows from one that passed.
#pragma once
#include "auth/grant.hpp"
#include "auth/login.hpp"
#include "auth/token.hpp"

namespace fairlead::auth {

/// A token as a server handed it out.
struct IssuedToken {
  base::ByteView token, signature, signer_der;
};
/// Is it a token of this session for this client? The refusals of check_token_signer; bad_token,
/// wrong_audience.
base::Checked<Token> check_issued(const IssuedToken& issued, const SessionId& sid,
                                  const ClientLoginConfig& config);
/// What a client keeps of a token that is good for `left` from now; epoch, renew_after and secret are the
/// caller's.
Credentials held_credentials(const Token& token, base::ByteView bytes, base::ByteView signature,
                             std::chrono::milliseconds left, const ClientLoginConfig& config);

/// The session of this Grant, keys missing: they come from the handshake. downgrade when the ends saw
/// different preludes; the refusals of check_token_signer; bad_token, wrong_audience, expired for the token.
base::Checked<std::unique_ptr<Session>> check_grant(const Grant& grant, const crypto::Certificate& server,
                                                    const ClientLoginConfig& config,
                                                    const base::Digest& prelude);

}  // namespace fairlead::auth

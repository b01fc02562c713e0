/// What a client asks of a Grant, and the session that follows from one that passed.
#pragma once
#include "auth/grant.hpp"
#include "auth/login.hpp"

namespace fairlead::auth {

/// The session of this Grant, keys missing: they come from the handshake. downgrade when the ends saw
/// different preludes; the refusals of check_token_signer; bad_token, wrong_audience, expired for the token.
base::Checked<std::unique_ptr<Session>> check_grant(const Grant& grant, const crypto::Certificate& server,
                                                    const ClientLoginConfig& config,
                                                    const base::Digest& prelude);

}  // namespace fairlead::auth

/// What a server issues: a signed token, and how long it is good. Used by logins and renewals.
#pragma once
#include "auth/login.hpp"

namespace fairlead::auth {

/// When a token was issued and when it expires.
struct Validity {
  base::WallTime issued, expires;
};

/// Credentials of `epoch` for this session, without a secret: that comes from the handshake or the renewal.
/// The token is signed; it was issued now and expires later. ErrorCode::internal when the token key does not
/// do its work.
base::Result<Credentials> issue_credentials(const Session& session, base::Epoch epoch, Validity validity,
                                            const ServerLoginConfig& config);

/// Of a token that is issued now: for ServerLoginConfig::lifetime, but not after the participant's
/// certificate and not after the session's last moment.
Validity token_validity(const Session& session, const ServerLoginConfig& config);

}  // namespace fairlead::auth

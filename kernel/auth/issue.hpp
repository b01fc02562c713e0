/// What a server issues: a signed token, and how long it is good. Used by logins and renewals.
#pragma once
#include "auth/login.hpp"

namespace fairlead::auth {

/// Credentials of `epoch` for this session, without a secret: that comes from the handshake or the renewal.
/// The token is signed and ends at `end`, which lies in the future. ErrorCode::internal when the token key
/// does not do its work.
base::Result<Credentials> issue_credentials(const Session& session, base::Epoch epoch, base::WallTime end,
                                            const ServerLoginConfig& config);

/// When a token that is issued now ends: after ServerLoginConfig::lifetime, but not after the participant's
/// certificate and not after the session's last moment.
base::WallTime token_end(const Session& session, const ServerLoginConfig& config);

}  // namespace fairlead::auth

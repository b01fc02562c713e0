/// What revocation lists say about the certificates that a session stands on.
#pragma once
#include <span>

#include "auth/session.hpp"
#include "base/refusal.hpp"
#include "crypto/chain.hpp"

namespace fairlead::auth {

/// The form in which a session keeps a path that crypto::verify_path() gave.
DerPath der_path(std::span<const crypto::Certificate> path);

/// certificate_revoked when a list of `anchor` names any certificate of the session's; under strict rules
/// crl_stale when such a list is over at `now` or missing.
base::Checked<void> check_revocation(const Session& session, const crypto::TrustAnchor& anchor,
                                     base::WallTime now);
/// The same about a session that goes on as it is: lists that are stale or missing refuse whoever comes, they
/// send nobody away.
base::Checked<void> check_live(const Session& session, const crypto::TrustAnchor& anchor);

}  // namespace fairlead::auth

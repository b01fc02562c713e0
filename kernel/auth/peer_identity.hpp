/// Who the other end of a login is, by its certificate, and whether it is who it should be. The chain has
/// been verified before.
#pragma once
#include "auth/login.hpp"

namespace fairlead::auth {

/// From the one URI name. Kits of the reference (TrustAnchor::legacy), certificates without any URI: the
/// single CN; admin when unstructuredName is a known role, server when the CN is the server's, else client.
/// wrong_identity.
base::Checked<crypto::Identity> identity_of_peer(const crypto::TrustAnchor& anchor,
                                                 const ProjectIdentity& project,
                                                 const crypto::Certificate& leaf);

/// The server that this client was set up for: wrong_project, wrong_identity.
base::Checked<void> check_server(const crypto::TrustAnchor& anchor, const ProjectIdentity& project,
                                 const crypto::Certificate& leaf);

/// A certificate whose key may sign tokens for this project's server: the chain's refusals, wrong_project,
/// wrong_identity.
base::Checked<void> check_token_signer(const crypto::TrustAnchor& anchor, const ProjectIdentity& project,
                                       const crypto::Certificate& signer, base::WallTime now);

}  // namespace fairlead::auth

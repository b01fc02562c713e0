/// What a server asks of a LoginRequest, and the session that follows from one that passed. The client's
/// chain has been verified before.
#pragma once
#include "auth/login_request.hpp"
#include "auth/peer_identity.hpp"
#include "auth/standing.hpp"

namespace fairlead::auth {

/// Every check of the protocol's list, in a fixed order; the first that fails is the code.
base::Checked<crypto::Identity> check_login(const LoginRequest& request, const Standing& standing,
                                            const ServerLoginConfig& config, const base::LinkFacts& facts,
                                            const base::Digest& prelude);

/// A session for who passed, token signed, keys missing: they come from the handshake. Its token never
/// outlives what the login stands on. Fails when the clock or the token key do not do their work.
base::Result<std::unique_ptr<Session>> make_session(const LoginRequest& request,
                                                    const crypto::Identity& identity,
                                                    const Standing& standing,
                                                    const ServerLoginConfig& config);

}  // namespace fairlead::auth

/// Standing: what a login stands on, a certificate of the project either way. A participant shows its own; a
/// delegate sends that of the site which signed for its key. Used by the server's login.
#pragma once
#include "auth/login_request.hpp"
#include "crypto/login_tls.hpp"

namespace fairlead::auth {

struct LoginCommon;

struct Standing {
  std::vector<crypto::Certificate> path;  ///< verified, the participant's own first, without the root
  base::Digest shown_sha256{};            ///< of the certificate that the handshake showed
  std::optional<crypto::Delegation> delegation{};

  const crypto::Certificate& certificate() const noexcept { return path.front(); }
};

/// wrong_identity: a delegation from who shows a certificate of the project, none from who does not, or one
/// for another key; malformed, wrong_audience, bad_chain for the delegation and its signature, and whatever
/// crypto::verify_path() says of the site's certificates. `detail` receives a text for the log. Of a
/// delegate nothing is known before this has succeeded, so the peer is not told why it has not.
base::Checked<Standing> standing_of(const LoginRequest& request, const crypto::LoginTls& tls,
                                    const LoginCommon& common, std::string* detail);

/// Rules of the delegation that `request` comes with, once its site is known as `site`, whose endpoint the
/// request asks for: wrong_identity (an administrator's, the site's plain endpoint, another one),
/// not_yet_valid, wrong_usage (longer than a day, or than the site's certificate).
base::Checked<void> check_delegation(const Standing& standing, const crypto::Identity& site,
                                     const LoginRequest& request, base::WallTime now);

/// When the login's standing ends.
base::WallTime end_of(const Standing& standing);

}  // namespace fairlead::auth

#include "auth/standing.hpp"

#include <algorithm>

#include "auth/login.hpp"
#include "base/result.hpp"

namespace fairlead::auth {
namespace {

using base::Checked;
using base::ParticipantType;
using base::Refusal;
using crypto::LoginKind;

/// What a site's clock may be ahead of ours.
constexpr std::chrono::minutes kClockSkew{5};

Checked<std::vector<crypto::Certificate>> certificates_of(const DerPath& chain) {
  std::vector<crypto::Certificate> out;
  for (const base::Bytes& der : chain) {
    auto one = crypto::Certificate::from_der(der);
    if (!one) return tl::unexpected(Refusal::bad_chain);
    out.push_back(std::move(*one));
  }
  return out;
}

/// Is it about this server, and about the key that the handshake proved? Asked first: it costs nothing.
Checked<void> check_purpose(const crypto::Delegation& delegation, const crypto::Certificate& shown,
                            const LoginCommon& common) {
  if (delegation.audience != common.identity.audience()) return tl::unexpected(Refusal::wrong_audience);
  const auto key = shown.public_key();
  const bool same = key && base::equal(key->spki(), delegation.spki);
  return same ? Checked<void>() : tl::unexpected(Refusal::wrong_identity);
}

Checked<Standing> delegate(const DelegationProof& proof, const crypto::Certificate& shown,
                           const LoginCommon& common, std::string* detail) {
  FAIRLEAD_TRY(crypto::Delegation content, crypto::decode_delegation(proof.made.delegation));
  FAIRLEAD_TRY(check_purpose(content, shown, common));
  FAIRLEAD_TRY(const auto chain, certificates_of(proof.site_chain));
  FAIRLEAD_TRY(auto path,
               crypto::verify_path(common.anchor, chain.front(), std::span(chain).subspan(1),
                                   crypto::ChainPurpose::client_login, common.clock.wall(), detail));
  const auto site = path.front().public_key();
  if (!site) return tl::unexpected(Refusal::bad_chain);
  FAIRLEAD_TRY(crypto::verify_delegation(proof.made, *site));
  return Standing{std::move(path), shown.sha256(), std::move(content)};
}

}  // namespace

Checked<Standing> standing_of(const LoginRequest& request, const crypto::LoginTls& tls,
                              const LoginCommon& common, std::string* detail) {
  const bool is_delegate = tls.kind() == LoginKind::delegate;
  if (is_delegate != request.delegation.has_value()) {
    *detail = is_delegate ? "a delegate without a delegation" : "a participant with a delegation";
    return tl::unexpected(Refusal::wrong_identity);
  }
  *detail = is_delegate ? "delegation" : "";
  if (is_delegate) return delegate(*request.delegation, *tls.peer(), common, detail);
  const auto path = tls.peer_path();
  return Standing{{path.begin(), path.end()}, tls.peer()->sha256()};
}

Checked<void> check_delegation(const Standing& standing, const crypto::Identity& site,
                               const LoginRequest& request, base::WallTime now) {
  if (!standing.delegation) return {};
  const crypto::Delegation& delegation = *standing.delegation;
  const auto endpoint = base::Endpoint::parse(delegation.endpoint);
  const bool may_delegate = site.type == ParticipantType::client || site.type == ParticipantType::service;
  // That the endpoint asked for is the site's, check_login() has seen.
  const bool is_the_one = endpoint && !endpoint->app().empty() && request.endpoint == delegation.endpoint;
  if (!may_delegate || !is_the_one) return tl::unexpected(Refusal::wrong_identity);
  if (delegation.issued > now + kClockSkew) return tl::unexpected(Refusal::not_yet_valid);
  const bool too_long = delegation.expires - delegation.issued > crypto::kLongestDelegation ||
                        delegation.expires > standing.certificate().not_after();
  return too_long ? tl::unexpected(Refusal::wrong_usage) : Checked<void>();
}

base::WallTime end_of(const Standing& standing) {
  const base::WallTime certificate = standing.certificate().not_after();
  return standing.delegation ? std::min(certificate, standing.delegation->expires) : certificate;
}

}  // namespace fairlead::auth

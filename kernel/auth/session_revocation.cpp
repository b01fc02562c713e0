#include "auth/session_revocation.hpp"

#include "base/result.hpp"

namespace fairlead::auth {
namespace {

base::Checked<void> check_path(const DerPath& path, const crypto::TrustAnchor& anchor, base::WallTime now) {
  if (anchor.revoked.empty() && anchor.crl == crypto::CrlRules::lenient) return {};
  std::vector<crypto::Certificate> certificates;
  for (const base::Bytes& der : path) {
    auto one = crypto::Certificate::from_der(der);
    if (!one) return tl::unexpected(base::Refusal::bad_chain);
    certificates.push_back(std::move(*one));
  }
  return crypto::check_revocation(anchor, certificates, now);
}

}  // namespace

DerPath der_path(std::span<const crypto::Certificate> path) {
  DerPath der;
  for (const crypto::Certificate& one : path) der.push_back(one.der());
  return der;
}

base::Checked<void> check_revocation(const Session& session, const crypto::TrustAnchor& anchor,
                                     base::WallTime now) {
  FAIRLEAD_TRY(check_path(session.peer_path, anchor, now));
  return check_path(session.current.signer_path, anchor, now);
}

base::Checked<void> check_live(const Session& session, const crypto::TrustAnchor& anchor) {
  if (anchor.revoked.empty()) return {};
  crypto::TrustAnchor lenient = anchor;
  lenient.crl = crypto::CrlRules::lenient;
  return check_revocation(session, lenient, {});
}

}  // namespace fairlead::auth

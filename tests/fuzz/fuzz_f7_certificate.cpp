// F7: certificates of anybody: names, identity, keys. No trust is asked here: whoever sent it wrote all of
// it.
#include "auth/peer_identity.hpp"
#include "base/assert.hpp"
#include "crypto/chain.hpp"
#include "fuzz/input.hpp"

namespace fairlead::fuzz {
namespace {

/// A name from a certificate goes into paths, logs and addresses.
bool is_harmless(const std::string& text) {
  return text.find('\0') == std::string::npos && text.find('/') == std::string::npos;
}

void check_identity(const crypto::Certificate& certificate) {
  const auto identity = crypto::identity_of(certificate);
  if (!identity) return;
  FAIRLEAD_ASSERT(is_harmless(identity->name) && is_harmless(identity->project));
  FAIRLEAD_ASSERT(base::check_participant_name(identity->type, identity->name).has_value());
  const std::string uri = identity->token_signer
                              ? crypto::token_signer_uri(identity->project, identity->name)
                              : crypto::identity_uri(identity->project, identity->type, identity->name);
  size_t found = 0;
  for (const std::string& name : certificate.uri_names()) found += name == uri ? 1 : 0;
  FAIRLEAD_ASSERT(found == 1);
}

void check_legacy(const crypto::Certificate& certificate) {
  const crypto::TrustAnchor anchor{certificate, crypto::LegacyRules::yes};
  const auth::ProjectIdentity project{"pie", "hub.example", {}};
  const auto identity = auth::identity_of_peer(anchor, project, certificate);
  if (identity) FAIRLEAD_ASSERT(is_harmless(identity->name));
  // Its own anchor or not, a certificate is for one purpose or none.
  std::string detail;
  static_cast<void>(crypto::verify_chain(anchor, certificate, {}, crypto::ChainPurpose::client_login,
                                         certificate.not_before(), &detail));
}

void check(base::ByteView der) {
  const auto certificate = crypto::Certificate::from_der(der);
  if (!certificate) return;
  FAIRLEAD_ASSERT(base::equal(certificate->der(), der));
  static_cast<void>(certificate->dns_names().size() + certificate->ip_addresses().size());
  static_cast<void>(certificate->subject_text().size() + certificate->issuer_text().size());
  for (const std::string& text :
       {certificate->common_name(), certificate->organization(), certificate->unstructured_name()})
    FAIRLEAD_ASSERT(text.find('\0') == std::string::npos);
  if (const auto key = certificate->public_key()) FAIRLEAD_ASSERT(!key->spki().empty());
  check_identity(*certificate);
  check_legacy(*certificate);
}

}  // namespace
}  // namespace fairlead::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fairlead::fuzz::check({data, size});
  return 0;
}

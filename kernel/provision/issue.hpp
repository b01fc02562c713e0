/// Keys and certificates of one kit, in the three steps that distributed provisioning takes too: a key and a
/// request for it (at the site, or here), the certificate for the request, the two in one kit.
#pragma once
#include <optional>
#include <string>

#include "provision/authority.hpp"
#include "provision/ledger.hpp"
#include "provision/plan.hpp"
#include "provision/request.hpp"

namespace fairlead::provision {

/// A key of ours with the request for it: the first step, where the key is to be.
struct OwnKey {
  base::Secret key_pem;
  std::string request_pem;
};
/// `key` is the one to use again; null: a new one of that type. failed.
base::Result<OwnKey> make_request(const Subject& subject, KeyUse use, const crypto::PrivateKey* key,
                                  crypto::KeyType type);

/// The second step: a certificate that says what `profile` says, for the key of a request that is for the
/// name and URI of `profile`. Nothing else of the request gets into it. What read_certificate_request() says.
base::Result<crypto::Certificate> certify(const crypto::CertificateProfile& profile,
                                          const std::string& request_pem, const crypto::Certificate& issuer,
                                          const crypto::PrivateKey& issuer_key, base::Random& random);

/// The two files of one certificate.
struct CredentialTexts {
  std::string certificate_pem;
  base::Secret key_pem;  ///< empty: the key stays at its site
  crypto::Certificate certificate;
  bool issued = false;  ///< by this run, so that the ledger must hold it
};

struct KitCredentials {
  CredentialTexts identity;
  std::optional<CredentialTexts> token;   ///< server only
  std::optional<CredentialTexts> issuer;  ///< server with issuing_ca only
};

/// What goes into the kit: for the keys that are asked for in `planned.request`, else for those of the prior
/// kit, else for new ones.
base::Result<KitCredentials> credentials_for(const PlannedKit& planned, const std::string& project,
                                             const Authority& authority, const ProvisionOptions& options,
                                             base::WallTime now, base::Random& random);

/// What of it the ledger must hold.
std::vector<LedgerEntry> issued_entries(const PlannedKit& planned, const KitCredentials& credentials);
/// When the first of its certificates ends.
base::WallTime earliest_end(const KitCredentials& credentials);

}  // namespace fairlead::provision

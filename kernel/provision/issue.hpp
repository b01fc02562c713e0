/// Keys and certificates of one kit: carried over from the prior kit where they can be, else made and issued.
#pragma once
#include <optional>
#include <string>

#include "provision/authority.hpp"
#include "provision/plan.hpp"

namespace fairlead::provision {

/// The two files of one certificate.
struct CredentialTexts {
  std::string certificate_pem;
  base::Secret key_pem;
  crypto::Certificate certificate;
  bool issued = false;  ///< by this run, so that the ledger must hold it
};

struct KitCredentials {
  CredentialTexts identity;
  std::optional<CredentialTexts> token;  ///< server only
};

base::Result<KitCredentials> credentials_for(const PlannedKit& planned, const std::string& project,
                                             const Authority& authority, const ProvisionOptions& options,
                                             base::WallTime now, base::Random& random);

}  // namespace fairlead::provision

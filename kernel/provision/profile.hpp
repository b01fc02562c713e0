/// What stands in the certificates of a participant, and how long they live.
#pragma once
#include <chrono>
#include <optional>

#include "config/model.hpp"
#include "crypto/certificate.hpp"
#include "kit/kit.hpp"

namespace fairlead::provision {

/// From when to when a new leaf certificate is valid; never beyond its issuer.
struct Validity {
  base::WallTime from, until;
};
Validity leaf_validity(base::ParticipantType type, std::optional<std::chrono::days> days,
                       const crypto::Certificate& issuer, base::WallTime now);

/// The certificate of the participant itself.
crypto::CertificateProfile identity_profile(const std::string& project,
                                            const config::ResolvedParticipant& participant,
                                            Validity validity);
/// The certificate of the server's token signer.
crypto::CertificateProfile token_profile(const std::string& project,
                                         const config::ResolvedParticipant& server, Validity validity);

/// The certificate of the server's issuing CA.
crypto::CertificateProfile issuer_profile(const std::string& project,
                                          const config::ResolvedParticipant& server, Validity validity);

/// Is less than a third of the life left, 30 days at most? Then a run issues new certificates for the same
/// keys.
bool needs_renewal(const kit::Kit& prior, base::WallTime now);

}  // namespace fairlead::provision

#include "provision/issue.hpp"

#include "provision/profile.hpp"

namespace fairlead::provision {
namespace {

CredentialTexts carried_over(const kit::Kit::Credentials& prior) {
  return {prior.chain_pem, base::Secret(prior.key_pem.expose()), prior.chain.front(), false};
}

/// A certificate for the prior key when there is one, else for a new key.
base::Result<CredentialTexts> issue_one(const crypto::CertificateProfile& profile,
                                        const kit::Kit::Credentials* prior, const Authority& authority,
                                        crypto::KeyType key_type, base::Random& random) {
  base::Secret key_pem;
  std::optional<crypto::PublicKey> subject;
  if (prior != nullptr) {
    key_pem = base::Secret(prior->key_pem.expose());
    subject = prior->key.public_key();
  } else {
    FAIRLEAD_TRY(const crypto::PrivateKey key, crypto::PrivateKey::generate(key_type));
    FAIRLEAD_TRY(key_pem, key.to_pem());
    subject = key.public_key();
  }
  FAIRLEAD_TRY(crypto::Certificate certificate,
               crypto::issue_certificate(profile, *subject, &authority.root, authority.key, random));
  std::string pem = certificate.to_pem();
  return CredentialTexts{std::move(pem), std::move(key_pem), std::move(certificate), true};
}

}  // namespace

base::Result<KitCredentials> credentials_for(const PlannedKit& planned, const std::string& project,
                                             const Authority& authority, const ProvisionOptions& options,
                                             base::WallTime now, base::Random& random) {
  const kit::Kit* prior = planned.prior ? &*planned.prior : nullptr;
  if (planned.new_keys) prior = nullptr;
  if (prior != nullptr && !planned.new_certificate) {
    KitCredentials kept{carried_over(prior->identity()), std::nullopt};
    if (prior->token() != nullptr) kept.token = carried_over(*prior->token());
    return kept;
  }
  const config::ResolvedParticipant& participant = *planned.participant;
  const Validity validity = leaf_validity(participant.type, options.days, authority.root, now);
  FAIRLEAD_TRY(CredentialTexts identity,
               issue_one(identity_profile(project, participant, validity),
                         prior ? &prior->identity() : nullptr, authority, options.key_type, random));
  KitCredentials made{std::move(identity), std::nullopt};
  if (participant.type == base::ParticipantType::server) {
    FAIRLEAD_TRY(CredentialTexts token,
                 issue_one(token_profile(project, participant, validity), prior ? prior->token() : nullptr,
                           authority, options.key_type, random));
    made.token = std::move(token);
  }
  return made;
}

}  // namespace fairlead::provision

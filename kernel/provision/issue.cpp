#include "provision/issue.hpp"

#include <algorithm>

#include "provision/profile.hpp"

namespace fairlead::provision {
namespace {

using PriorCredentials = kit::Kit::Credentials;

CredentialTexts carried_over(const PriorCredentials& prior) {
  return {prior.chain_pem, base::Secret(prior.key_pem.expose()), prior.chain.front(), false};
}

/// One run of credentials_for().
class Issuing {
 public:
  Issuing(const PlannedKit& planned, const std::string& project, const Authority& authority,
          const ProvisionOptions& options, base::WallTime now, base::Random& random)
      : planned_(planned),
        subject_{project, planned.participant->name, planned.participant->type},
        authority_(authority),
        key_type_(options.key_type),
        validity_(leaf_validity(subject_.type, options.days, authority.root, now)),
        random_(random) {}

  base::Result<CredentialTexts> credentials(KeyUse use) {
    const PriorCredentials* prior = prior_of(use);
    if (prior != nullptr && !planned_.new_certificate) return carried_over(*prior);
    if (planned_.request != nullptr) return for_request(use, planned_.request->pem(use), {});
    if (prior != nullptr && !prior->key) return for_known_key(use, *prior);
    const crypto::PrivateKey* key = prior != nullptr ? &*prior->key : nullptr;
    FAIRLEAD_TRY(OwnKey own, make_request(subject_, use, key, key_type_));
    return for_request(use, own.request_pem, std::move(own.key_pem));
  }

 private:
  /// Keys of a kit go on; a request brings its own.
  const PriorCredentials* prior_of(KeyUse use) const {
    if (!planned_.prior || planned_.new_keys || planned_.request != nullptr) return nullptr;
    if (use == KeyUse::identity) return &planned_.prior->identity();
    return use == KeyUse::token ? planned_.prior->token() : planned_.prior->issuer();
  }

  crypto::CertificateProfile profile(KeyUse use) const {
    const config::ResolvedParticipant& participant = *planned_.participant;
    if (use == KeyUse::identity) return identity_profile(subject_.project, participant, validity_);
    if (use == KeyUse::token) return token_profile(subject_.project, participant, validity_);
    return issuer_profile(subject_.project, participant, validity_);
  }

  base::Result<CredentialTexts> for_request(KeyUse use, const std::string& request, base::Secret key_pem) {
    FAIRLEAD_TRY(crypto::Certificate certificate,
                 certify(profile(use), request, authority_.root, authority_.key, random_));
    std::string pem = certificate.to_pem();
    return CredentialTexts{std::move(pem), std::move(key_pem), std::move(certificate), true};
  }

  /// The site proved that it has this key when it asked for the certificate that we have.
  base::Result<CredentialTexts> for_known_key(KeyUse use, const PriorCredentials& prior) {
    FAIRLEAD_TRY(const crypto::PublicKey key, prior.chain.front().public_key());
    FAIRLEAD_TRY(crypto::Certificate certificate,
                 crypto::issue_certificate(profile(use), key, &authority_.root, authority_.key, random_));
    std::string pem = certificate.to_pem();
    return CredentialTexts{std::move(pem), {}, std::move(certificate), true};
  }

  const PlannedKit& planned_;
  Subject subject_;
  const Authority& authority_;
  crypto::KeyType key_type_;
  Validity validity_;
  base::Random& random_;
};

}  // namespace

base::Result<OwnKey> make_request(const Subject& subject, KeyUse use, const crypto::PrivateKey* key,
                                  crypto::KeyType type) {
  std::optional<crypto::PrivateKey> made;
  if (key == nullptr) {
    FAIRLEAD_TRY(made, crypto::PrivateKey::generate(type));
    key = &*made;
  }
  FAIRLEAD_TRY(base::Secret key_pem, key->to_pem());
  FAIRLEAD_TRY(std::string request, crypto::make_certificate_request(requested_identity(subject, use), *key));
  return OwnKey{std::move(key_pem), std::move(request)};
}

base::Result<crypto::Certificate> certify(const crypto::CertificateProfile& profile,
                                          const std::string& request_pem, const crypto::Certificate& issuer,
                                          const crypto::PrivateKey& issuer_key, base::Random& random) {
  FAIRLEAD_TRY(const crypto::PublicKey subject,
               crypto::read_certificate_request(base::as_bytes(request_pem), {profile.name, profile.uri}));
  return crypto::issue_certificate(profile, subject, &issuer, issuer_key, random);
}

base::Result<KitCredentials> credentials_for(const PlannedKit& planned, const std::string& project,
                                             const Authority& authority, const ProvisionOptions& options,
                                             base::WallTime now, base::Random& random) {
  Issuing issuing(planned, project, authority, options, now, random);
  FAIRLEAD_TRY(CredentialTexts identity, issuing.credentials(KeyUse::identity));
  KitCredentials made{std::move(identity), std::nullopt, std::nullopt};
  if (planned.participant->type != base::ParticipantType::server) return made;
  FAIRLEAD_TRY(made.token, issuing.credentials(KeyUse::token));
  if (planned.participant->issuing_ca.value) {
    FAIRLEAD_TRY(made.issuer, issuing.credentials(KeyUse::issuer));
  }
  return made;
}

std::vector<LedgerEntry> issued_entries(const PlannedKit& planned, const KitCredentials& credentials) {
  const config::ResolvedParticipant& participant = *planned.participant;
  std::vector<LedgerEntry> entries;
  const auto note = [&](const CredentialTexts& texts, const char* use) {
    if (texts.issued) entries.push_back({participant.name, use, texts.certificate});
  };
  note(credentials.identity, base::name(participant.type));
  if (credentials.token) note(*credentials.token, "token");
  if (credentials.issuer) note(*credentials.issuer, "issuer");
  return entries;
}

base::WallTime earliest_end(const KitCredentials& credentials) {
  base::WallTime end = credentials.identity.certificate.not_after();
  if (credentials.token) end = std::min(end, credentials.token->certificate.not_after());
  return credentials.issuer ? std::min(end, credentials.issuer->certificate.not_after()) : end;
}

}  // namespace fairlead::provision

#include "provision/profile.hpp"

#include <algorithm>

#include "crypto/chain.hpp"
#include "provision/authority.hpp"

namespace fairlead::provision {
namespace {

constexpr auto kLeafLife = std::chrono::days(398);  // what the strictest public clients accept
constexpr auto kAdminLife = std::chrono::days(90);
constexpr auto kRenewBefore = std::chrono::days(30);

crypto::CertificateUse use_of(base::ParticipantType type) {
  switch (type) {
    case base::ParticipantType::server:
      return crypto::CertificateUse::server;
    case base::ParticipantType::client:
      return crypto::CertificateUse::client;
    case base::ParticipantType::admin:
      return crypto::CertificateUse::admin;
    case base::ParticipantType::service:
      return crypto::CertificateUse::service;
  }
  return crypto::CertificateUse::client;
}

bool ends_soon(const crypto::Certificate& certificate, base::WallTime now) {
  const base::Milliseconds life = certificate.not_after() - certificate.not_before();
  return certificate.not_after() - now < std::min<base::Milliseconds>(kRenewBefore, life / 3);
}

}  // namespace

Validity leaf_validity(base::ParticipantType type, std::optional<std::chrono::days> days,
                       const crypto::Certificate& issuer, base::WallTime now) {
  const auto usual = type == base::ParticipantType::admin ? kAdminLife : kLeafLife;
  return {std::max(now - kBackDated, issuer.not_before()),
          std::min(now + days.value_or(usual), issuer.not_after())};
}

crypto::CertificateProfile identity_profile(const std::string& project,
                                            const config::ResolvedParticipant& participant,
                                            Validity validity) {
  crypto::CertificateProfile profile;
  profile.use = use_of(participant.type);
  profile.name = participant.name;
  profile.uri = crypto::identity_uri(project, participant.type, participant.name);
  profile.org = participant.org;
  profile.role = participant.role;
  profile.not_before = validity.from;
  profile.not_after = validity.until;
  if (participant.type != base::ParticipantType::server) return profile;
  profile.host_names = participant.host_names.value;
  for (const std::string& host : {participant.default_host.value, participant.name})
    if (!host.empty()) profile.host_names.push_back(host);
  return profile;
}

crypto::CertificateProfile token_profile(const std::string& project,
                                         const config::ResolvedParticipant& server, Validity validity) {
  crypto::CertificateProfile profile;
  profile.use = crypto::CertificateUse::token_signer;
  profile.name = server.name;
  profile.uri = crypto::token_signer_uri(project, server.name);
  profile.not_before = validity.from;
  profile.not_after = validity.until;
  return profile;
}

crypto::CertificateProfile issuer_profile(const std::string& project,
                                          const config::ResolvedParticipant& server, Validity validity) {
  crypto::CertificateProfile profile;
  profile.use = crypto::CertificateUse::issuer;
  profile.name = server.name;
  profile.uri = crypto::issuer_uri(project, server.name);
  profile.not_before = validity.from;
  profile.not_after = validity.until;
  return profile;
}

bool needs_renewal(const kit::Kit& prior, base::WallTime now) {
  const crypto::Certificate* token = prior.token_certificate();
  const kit::Kit::Credentials* issuer = prior.issuer();
  return ends_soon(prior.leaf(), now) || (token != nullptr && ends_soon(*token, now)) ||
         (issuer != nullptr && ends_soon(issuer->chain.front(), now));
}

}  // namespace fairlead::provision

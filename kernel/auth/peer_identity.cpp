#include "auth/peer_identity.hpp"

#include <algorithm>
#include <array>

#include "base/result.hpp"

namespace fairlead::auth {
namespace {

using base::Checked;
using base::ParticipantType;
using base::Refusal;

enum class ServerRole { login, token_signer };

constexpr std::array<std::string_view, 4> kRoles = {"project_admin", "org_admin", "lead", "member"};

bool has_legacy_identity(const crypto::TrustAnchor& anchor, const crypto::Certificate& leaf) {
  return anchor.legacy == crypto::LegacyRules::yes && leaf.uri_names().empty();
}

ParticipantType legacy_type(const crypto::Certificate& leaf, const std::string& name,
                            const ProjectIdentity& project) {
  if (std::find(kRoles.begin(), kRoles.end(), leaf.unstructured_name()) != kRoles.end())
    return ParticipantType::admin;
  return name == project.server_name ? ParticipantType::server : ParticipantType::client;
}

Checked<crypto::Identity> legacy_identity(const crypto::Certificate& leaf, const ProjectIdentity& project) {
  const std::string name = leaf.common_name();
  const ParticipantType type = legacy_type(leaf, name, project);
  if (!base::check_participant_name(type, name)) return tl::unexpected(Refusal::wrong_identity);
  const bool has_role = type == ParticipantType::admin;
  return crypto::Identity{project.project, type, name, has_role ? leaf.unstructured_name() : std::string(),
                          leaf.organization()};
}

/// One RSA key is server and token signer in a kit of the reference, so there both are asked for without the
/// mark.
Checked<void> check_server_role(const crypto::TrustAnchor& anchor, const ProjectIdentity& project,
                                const crypto::Certificate& leaf, ServerRole role) {
  FAIRLEAD_TRY(const crypto::Identity identity, identity_of_peer(anchor, project, leaf));
  const bool legacy = has_legacy_identity(anchor, leaf);
  if (identity.project != project.project) return tl::unexpected(Refusal::wrong_project);
  const bool right = identity.type == ParticipantType::server && identity.name == project.server_name &&
                     (legacy || identity.token_signer == (role == ServerRole::token_signer));
  return right ? Checked<void>() : tl::unexpected(Refusal::wrong_identity);
}

}  // namespace

Checked<crypto::Identity> identity_of_peer(const crypto::TrustAnchor& anchor, const ProjectIdentity& project,
                                           const crypto::Certificate& leaf) {
  return has_legacy_identity(anchor, leaf) ? legacy_identity(leaf, project) : crypto::identity_of(leaf);
}

Checked<void> check_server(const crypto::TrustAnchor& anchor, const ProjectIdentity& project,
                           const crypto::Certificate& leaf) {
  return check_server_role(anchor, project, leaf, ServerRole::login);
}

Checked<void> check_token_signer(const crypto::TrustAnchor& anchor, const ProjectIdentity& project,
                                 const crypto::Certificate& signer, base::WallTime now) {
  FAIRLEAD_TRY(crypto::verify_chain(anchor, signer, {}, crypto::ChainPurpose::token_signing, now));
  return check_server_role(anchor, project, signer, ServerRole::token_signer);
}

}  // namespace fairlead::auth

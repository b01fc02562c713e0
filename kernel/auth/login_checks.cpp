#include "auth/login_checks.hpp"

#include "auth/issue.hpp"
#include "auth/key_schedule.hpp"
#include "auth/session_revocation.hpp"
#include "base/result.hpp"

namespace fairlead::auth {
namespace {

using base::Checked;
using base::ParticipantType;
using base::Refusal;

/// The certificate says who this is; the request may only repeat it. Nobody logs in as the server, and a key
/// that signs tokens does nothing else.
Checked<void> check_claims(const LoginRequest& request, const crypto::Identity& identity,
                           const ProjectIdentity& project) {
  if (identity.project != project.project || request.project != project.project)
    return tl::unexpected(Refusal::wrong_project);
  const bool same = request.name == identity.name && request.type == identity.type;
  if (!same || identity.type == ParticipantType::server) return tl::unexpected(Refusal::wrong_identity);
  const auto endpoint = base::Endpoint::parse(request.endpoint);
  if (!endpoint || endpoint->participant() != identity.name) return tl::unexpected(Refusal::wrong_identity);
  return {};
}

/// In mtls at either end both must have seen the same connection; the shown certificate is known to us only
/// when this listener asks for one.
Checked<void> check_link(const LoginRequest& request, const LoginPeer& peer, const ServerLoginConfig& config,
                         const base::LinkFacts& facts) {
  FAIRLEAD_TRY(check_own_link(End::server, config.common.configured, facts));
  const bool expects_same = request.configured == base::ConnectionSecurity::mtls;
  if (expects_same) FAIRLEAD_TRY(check_same_binding(facts, request.observed));
  return check_same_link(config.common.configured, facts, request.observed, peer);
}

SessionId fresh_id(const ServerLoginConfig& config) {
  SessionId id = config.common.random.bytes<16>();
  while (base::load_be<uint64_t>(id) == 0 || config.sessions.find(base::load_be<uint64_t>(id)) != nullptr)
    id = config.common.random.bytes<16>();
  return id;
}

}  // namespace

Checked<crypto::Identity> check_login(const LoginRequest& request, const Standing& standing,
                                      const ServerLoginConfig& config, const base::LinkFacts& facts,
                                      const base::Digest& prelude) {
  const LoginCommon& common = config.common;
  FAIRLEAD_TRY(crypto::Identity identity,
               identity_of_peer(common.anchor, common.identity, standing.certificate()));
  FAIRLEAD_TRY(check_claims(request, identity, common.identity));
  FAIRLEAD_TRY(check_delegation(standing, identity, request, common.clock.wall()));
  if (request.prelude != prelude) return tl::unexpected(Refusal::downgrade);
  if (config.revocation.is_disabled(identity.name)) return tl::unexpected(Refusal::disabled);
  FAIRLEAD_TRY(check_link(request, {standing.shown_sha256, identity.name}, config, facts));
  FAIRLEAD_TRY(config.sessions.may_log_in(*base::Endpoint::parse(request.endpoint), request.instance));
  if (end_of(standing) <= common.clock.wall()) return tl::unexpected(Refusal::certificate_expired);
  return identity;
}

base::Result<std::unique_ptr<Session>> make_session(const LoginRequest& request,
                                                    const crypto::Identity& identity,
                                                    const Standing& standing,
                                                    const ServerLoginConfig& config) {
  auto session = std::make_unique<Session>();
  session->id = fresh_id(config);
  FAIRLEAD_TRY(session->endpoint, base::Endpoint::parse(request.endpoint));
  session->type = identity.type;
  session->org = identity.org;
  session->role = identity.role;
  session->instance = request.instance;
  session->certificate_sha256 = standing.shown_sha256;
  session->certificate_expires = end_of(standing);
  session->peer_path = der_path(standing.path);
  if (standing.delegation) session->topics = standing.delegation->topics;
  session->logged_in = config.common.clock.mono();
  session->floor = stronger(base::MessageSecurity::mac, stronger(config.common.wanted, request.wanted));
  session->compact_headers = request.compact_headers;
  FAIRLEAD_TRY(session->current,
               issue_credentials(*session, base::Epoch(0), token_validity(*session, config), config));
  return session;
}

base::Digest ProjectIdentity::audience() const { return audience_of(project, server_name, root_spki_sha256); }

base::Result<std::unique_ptr<Session>> make_own_session(const ServerLoginConfig& config,
                                                        std::string_view server_name) {
  const LoginCommon& common = config.common;
  const base::WallTime now = common.clock.wall();
  const auto signer = check_token_signer(common.anchor, common.identity, config.token_certificate, now);
  if (!signer)
    return base::fail(base::ErrorCode::bad_configuration,
                      "the token certificate is not usable: " + std::string(base::name(signer.error())),
                      "provision the server's kit again");
  FAIRLEAD_TRY(const crypto::PublicKey key, config.token_certificate.public_key());
  if (key.spki() != config.token_key.public_key().spki())
    return base::fail(base::ErrorCode::bad_configuration, "the token key does not belong to its certificate",
                      "provision the server's kit again");
  auto session = std::make_unique<Session>();
  session->id = fresh_id(config);
  FAIRLEAD_TRY(session->endpoint, base::Endpoint::parse(server_name));
  session->type = ParticipantType::server;
  session->instance = common.random.bytes<16>();
  session->certificate_sha256 = config.token_certificate.sha256();
  FAIRLEAD_TRY(session->current, issue_credentials(*session, base::Epoch(0),
                                                   {now, config.token_certificate.not_after()}, config));
  session->current.secret = base::Secret(base::ByteView(common.random.bytes<32>()));
  return session;
}

}  // namespace fairlead::auth

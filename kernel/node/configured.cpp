#include "node/configured.hpp"

#include "auth/session_revocation.hpp"
#include "crypto/digest.hpp"
#include "kit/local_secret.hpp"
#include "kit/privacy.hpp"
#include "kit/site_settings.hpp"
#include "link/memory_budget.hpp"

namespace fairlead::node {
namespace {

link::LinkTimeouts timeouts_of(const config::Timeouts& timeouts) {
  return {.handshake = std::max(timeouts.connect.value, timeouts.handshake.value),
          .first_byte = timeouts.first_byte.value,
          .login = timeouts.login.value,
          .heartbeat = timeouts.heartbeat_interval.value};
}

}  // namespace

uint64_t Configured::memory_cap() const {
  return participant.memory_limit ? participant.memory_limit->value : link::default_memory_cap();
}

auth::ProjectIdentity Configured::project_identity() const { return node::project_identity(kit); }

auth::ProjectIdentity project_identity(const kit::Kit& kit) {
  auth::ProjectIdentity identity;
  identity.project = kit.settings().project;
  identity.server_name = kit.settings().server_name;
  if (const auto key = kit.root().public_key()) identity.root_spki_sha256 = crypto::sha256({key->spki()});
  return identity;
}

plugin::OptionTexts transport_options(const config::ResolvedParticipant& participant,
                                      const std::string& scheme) {
  const auto at = participant.transports.find(scheme);
  if (at == participant.transports.end()) return {};
  return {at->second.begin(), at->second.end()};
}

base::Result<std::shared_ptr<const loop::Proxy>> proxy_of(const kit::Kit& kit,
                                                          const config::ResolvedParticipant& participant) {
  using Shared = std::shared_ptr<const loop::Proxy>;
  const config::Proxy wanted = participant.proxy ? participant.proxy->value : config::Proxy{};
  const std::string& name =
      participant.proxy_credentials ? participant.proxy_credentials->value : wanted.credentials;
  if (wanted.url.empty()) return Shared();
  base::Secret credentials;
  if (!name.empty()) {
    FAIRLEAD_TRY(credentials, kit::read_proxy_secret(kit, name));
  }
  FAIRLEAD_TRY(loop::Proxy made, loop::Proxy::make(wanted.url, std::move(credentials)));
  return std::make_shared<const loop::Proxy>(std::move(made));
}

plugin::LinkCredentials Configured::link_credentials(base::ConnectionSecurity security,
                                                     const crypto::RevocationLists& revoked) const {
  plugin::LinkCredentials credentials;
  credentials.security = security;
  credentials.legacy = kit.trust_anchor().legacy;
  credentials.ca_pem = kit.root_pem();
  credentials.chain_pem = kit.chain_pem();
  credentials.crl_pem = revoked.pem();
  credentials.alpn = "fairlead/1";
  credentials.key_pem = &kit.key_pem();
  if (const kit::OwnCurve* own = kit.curve(); own != nullptr && !own->secret.empty()) {
    credentials.curve_key = &own->secret;
    credentials.curve_public = base::to_bytes(own->public_key);
  }
  if (const crypto::X25519Public* server = kit.server_curve(); server != nullptr) {
    credentials.server_curve = base::to_bytes(*server);
    credentials.peer_keys = {{kit.settings().server_name, credentials.server_curve}};
  }
  for (const kit::PeerKey& peer : peer_keys)
    credentials.peer_keys.push_back({peer.name, base::to_bytes(peer.key)});
  return credentials;
}

bool Configured::look_at_peers(base::WallTime now, base::Log& log) {
  if (kit.curve() == nullptr || participant.type != base::ParticipantType::server) return false;
  const auto root = kit.root().public_key();
  if (!root) return false;
  kit::PeerStatements found = kit::read_peer_statements(kit.path(), *root, kit.settings().project, now);
  const bool changed = found.keys != peer_keys;
  if (changed || found.refused != refused_peers)
    for (const std::string& line : found.refused) log.warn("peers.refused", {{"found", line}});
  if (changed) log.info("peers.in_force", {{"keys", uint64_t{found.keys.size()}}});
  peer_keys = std::move(found.keys);
  refused_peers = std::move(found.refused);
  return changed;
}

base::Result<Configured> configure(const Settings& settings, base::Log& log, kit::VersionMemory memory) {
  FAIRLEAD_TRY(kit::Kit kit, kit::Kit::open(settings.kit, memory));
  FAIRLEAD_TRY(kit::SiteSettings site, kit::site_settings(kit, settings.environment, settings.set));
  for (const config::Note& note : site.notes) log.warn("config.note", {{"text", note.text}});
  FAIRLEAD_TRY(std::string privacy, kit::read_privacy(kit));
  if (!privacy.empty())
    log.info("privacy.loaded", {{"sha256", base::hex(crypto::sha256({base::as_bytes(privacy)}))}});
  link::LinkTimeouts timeouts = timeouts_of(site.participant.timeouts);
  FAIRLEAD_TRY(std::optional<std::string> custom_ca, kit::custom_ca_of(kit, site.participant));
  return Configured{settings,           std::move(kit), std::move(site.participant),
                    std::move(privacy), timeouts,       std::move(custom_ca)};
}

void announce(const Configured& configured, base::Log& log) {
  for (const config::Note& note : configured.kit.notes())
    log.write(note.level == config::NoteLevel::info ? base::LogLevel::info : base::LogLevel::warning,
              "kit.note", {{"kit", configured.kit.path().string()}, {"text", note.text}});
}

base::Result<crypto::LoginTlsContext> login_tls(const Configured& configured,
                                                const crypto::TrustAnchor& anchor, const base::Clock& clock) {
  using Side = crypto::LoginTlsContext::Side;
  const bool server = configured.participant.type == base::ParticipantType::server;
  const auto kind =
      configured.kit.delegation() != nullptr ? crypto::LoginKind::delegate : crypto::LoginKind::participant;
  return crypto::LoginTlsContext::make(server ? Side::server : Side::client, configured.kit.chain(),
                                       configured.kit.key(), anchor, clock, kind);
}

base::Result<std::string> client_endpoint(const kit::Kit& kit, const std::string& app) {
  const std::string own = kit.settings().name + (app.empty() ? "" : "/" + app);
  const kit::Kit::Delegated* delegated = kit.delegation();
  if (delegated != nullptr && !app.empty() && own != delegated->content.endpoint)
    return base::fail(
        base::ErrorCode::bad_arguments,
        kit.path().string() + " was made for " + delegated->content.endpoint + ", not for " + own,
        "leave --as out");
  const std::string& endpoint = delegated != nullptr ? delegated->content.endpoint : own;
  FAIRLEAD_TRY(base::Endpoint::parse(endpoint));
  return endpoint;
}

std::optional<auth::DelegationProof> delegation_proof(const kit::Kit& kit) {
  const kit::Kit::Delegated* delegated = kit.delegation();
  if (delegated == nullptr) return std::nullopt;
  return auth::DelegationProof{delegated->made, auth::der_path(delegated->site_chain)};
}

}  // namespace fairlead::node

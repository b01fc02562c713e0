/// Configured: a verified kit with every override applied, and what login and transports need of it.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "auth/login.hpp"
#include "base/log.hpp"
#include "config/model.hpp"
#include "kit/kit.hpp"
#include "link/context.hpp"
#include "node/settings.hpp"
#include "plugin/registry.hpp"

namespace fairlead::node {

struct Configured {
  Settings settings;  ///< what it was made from
  kit::Kit kit;
  config::ResolvedParticipant participant;
  std::string privacy;  ///< what kit::read_privacy() gave
  link::LinkTimeouts timeouts;
  std::optional<std::string> custom_ca_pem{};  ///< trusted by the outer tls in place of the project's root
  std::vector<kit::PeerKey> peer_keys{};       ///< of a server: what local/peers says and the root signed

  std::vector<std::string> refused_peers{};  ///< files there that do not count, as they were logged

  /// Reads local/peers of a server with a zmq listener; true when other keys are in force now.
  bool look_at_peers(base::WallTime now, base::Log& log);
  /// Bytes that a server's buffers may take.
  uint64_t memory_cap() const;
  base::MessageSecurity message_security_floor() const noexcept { return participant.message_security.value; }
  auth::ProjectIdentity project_identity() const;
  /// What every plugin instance of this participant is given; who it dials is the caller's to add. The key
  /// stays in the kit.
  plugin::LinkCredentials link_credentials(base::ConnectionSecurity security,
                                           const crypto::RevocationLists& revoked) const;
};

/// Opens and verifies the kit, then lays local/fairlead.yml, the environment and --set over it, in that
/// order. Fails with bad_configuration or bad_arguments.
base::Result<Configured> configure(const Settings& settings, base::Log& log,
                                   kit::VersionMemory memory = kit::VersionMemory::remember);

/// Logs what the kit itself says whoever starts with it should know. Once, at the start.
void announce(const Configured& configured, base::Log& log);

/// The proxy that every connection of a participant goes through, with its credentials read from the kit;
/// null: none. Fails with bad_configuration, or what kit::read_proxy_secret() says.
base::Result<std::shared_ptr<const loop::Proxy>> proxy_of(const kit::Kit& kit,
                                                          const config::ResolvedParticipant& participant);

/// What the participant's plugin for the scheme is set to.
plugin::OptionTexts transport_options(const config::ResolvedParticipant& participant,
                                      const std::string& scheme);

/// Who the server is, by this kit.
auth::ProjectIdentity project_identity(const kit::Kit& kit);

/// Where a client of this kit logs in: its own name and `app`, or what was delegated to it. bad_arguments
/// for an app that is none, or another than the delegated one.
base::Result<std::string> client_endpoint(const kit::Kit& kit, const std::string& app);
/// What a delegated kit sends along with its login.
std::optional<auth::DelegationProof> delegation_proof(const kit::Kit& kit);

/// Context of the inner handshake for this kit.
base::Result<crypto::LoginTlsContext> login_tls(const Configured& configured,
                                                const crypto::TrustAnchor& anchor, const base::Clock& clock);

}  // namespace fairlead::node

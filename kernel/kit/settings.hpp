/// KitSettings: what a kit says about its participant, in the kernel's own types. Read by node and by the
/// commands.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/names.hpp"
#include "base/security.hpp"
#include "config/model.hpp"
#include "config/shipped_transports.hpp"

namespace fairlead::kit {

/// Where a client, admin or service connects to.
struct Target {
  std::string scheme;  ///< "tcp", ...
  std::string host;    ///< name or address, IPv6 without brackets
  uint16_t port = 0;
  base::ConnectionSecurity connection_security = base::ConnectionSecurity::mtls;
};

using Listener = config::Listener;
using PolicyRule = config::PolicyRule;
using AllowedPlugin = config::AllowedPlugin;

struct KitSettings {
  std::string project;
  std::string name;
  base::ParticipantType type = base::ParticipantType::client;
  std::string org;
  std::string role;  ///< admin only
  bool secure_train = true;
  base::ConnectionSecurity connection_security = base::ConnectionSecurity::mtls;
  /// The floor: a lane never goes below.
  base::MessageSecurity message_security = base::MessageSecurity::automatic;
  config::WeakerOverrides weaker_overrides = config::WeakerOverrides::refused;
  bool custom_ca = false;  ///< the outer tls check uses Kit::custom_ca_pem(), not the project's root
  std::optional<Target> connect_to;     ///< never for the server
  std::vector<Listener> listeners;      ///< server only, at least one
  std::string server_name;              ///< the one server of the project
  std::string server_uri;               ///< its identity: fairlead://PROJECT/server/NAME
  std::string default_host;             ///< the server's first host name
  std::vector<std::string> host_names;  ///< server only: further host names, as in its certificate
  std::vector<PolicyRule> policy;       ///< server only; empty: the built-in policy
  bool strict_crl = false;              ///< a stale revocation list refuses instead of warning
  std::optional<config::Proxy> proxy;   ///< outbound proxy
  config::TransportOptions transports;  ///< scheme -> option -> text
  std::vector<AllowedPlugin> plugins;
  std::string kit_id;        ///< 32 hex digits, the same in every version of this participant's kit
  uint64_t kit_version = 0;  ///< grows with every change of this participant's kit
};

}  // namespace fairlead::kit

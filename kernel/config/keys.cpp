#include "config/keys.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "config/nearest.hpp"

namespace fairlead::config {
namespace {

constexpr auto kOptional = Presence::optional;
constexpr auto kRequired = Presence::required;
constexpr unsigned kBothLevels = kProject | kEveryParticipant;
constexpr std::string_view kNoEffect = "no effect here; accepted because files of the reference have it";

// clang-format off
constexpr std::array kTable = {
    KeyInfo{"api_version", kProject, ValueType::version, kRequired, "", "version of the file format", "3"},
    KeyInfo{"name", kProject, ValueType::project_name, kRequired, "",
            "1 to 255 letters, digits, dots, underscores and dashes; directories and identities carry it", "my_project"},
    KeyInfo{"description", kProject, ValueType::description, kOptional, "",
            "one line for people", "what this project is about"},
    KeyInfo{"secure_train", kProject, ValueType::boolean, kOptional, "true",
            "false makes clear the default connection security; the simulator sets it", "true"},
    KeyInfo{"connection_security", kBothLevels | kListenerMap | kConnectToMap, ValueType::connection_security, kOptional, "mtls",
            "how connections are made; the participant's value wins over the project's", "tls"},
    KeyInfo{"custom_ca_cert", kBothLevels, ValueType::path, kOptional, "the project's root CA",
            "checks the server or the proxy in front of it when connecting with tls", "certs/proxy-ca.pem"},
    KeyInfo{"message_security", kBothLevels, ValueType::message_security, kOptional, "auto",
            "what is done to each message; auto decides per connection", "seal"},
    KeyInfo{"scheme", kBothLevels | kListenerMap | kConnectToMap, ValueType::scheme, kOptional, "tcp",
            "which transport carries the connection", "tcp"},
    KeyInfo{"transports", kBothLevels, ValueType::options, kOptional, "",
            "options of each transport, by scheme", "{tcp: {nodelay: true}}"},
    KeyInfo{"weaker_overrides", kBothLevels, ValueType::weaker_overrides, kOptional, "refused",
            "whether a site's own settings may ask for less protection than its kit", "allowed"},
    KeyInfo{"policy", kProject, ValueType::policy, kOptional, "clients to server and to each other",
            "who may send what to whom", ""},
    KeyInfo{"crl", kProject, ValueType::crl, kOptional, "lenient",
            "what an old revocation list leads to", "strict"},
    KeyInfo{"participants", kProject, ValueType::participants, kRequired, "",
            "the server and everybody who connects", ""},
    KeyInfo{"name", kEveryParticipant, ValueType::name, kRequired, "",
            "as the project's, user@host for an admin; unique without regard to letter case", "site-1"},
    KeyInfo{"type", kEveryParticipant, ValueType::type, kRequired, "", "what the participant is", "client"},
    KeyInfo{"org", kEveryParticipant, ValueType::org, kRequired, "", "organisation it belongs to, at most 64 bytes", "my_org"},
    KeyInfo{"role", kAdmin, ValueType::role, kOptional, "member", "what an admin may do", "project_admin"},
    KeyInfo{"fed_learn_port", kServer, ValueType::port, kOptional, "8002",
            "port for clients and services", "8002"},
    KeyInfo{"admin_port", kServer, ValueType::port, kOptional, "fed_learn_port", "port for admins", "8003"},
    KeyInfo{"host_names", kServer, ValueType::hosts, kOptional, "",
            "further addresses of the server", "[localhost, 127.0.0.1]"},
    KeyInfo{"default_host", kServer, ValueType::host, kOptional, "the server's name",
            "address for participants without connect_to", "localhost"},
    KeyInfo{"listeners", kServer, ValueType::listeners, kOptional, "one on each port",
            "where the server listens, when one transport is not enough", ""},
    KeyInfo{"connect_to", kConnecting, ValueType::connect_to, kOptional, "default_host of the server",
            "address this participant connects to", ""},
    KeyInfo{"proxy", kConnecting, ValueType::proxy, kOptional, "",
            "outbound HTTP CONNECT or SOCKS5 proxy", ""},
    KeyInfo{"issuing_ca", kServer, ValueType::boolean, kOptional, "false",
            "true lets the server renew certificates of clients, services and admins by itself", "false"},
    KeyInfo{"key_custody", kEveryParticipant, ValueType::key_custody, kOptional, "project",
            "site: the participant makes its own key, which never leaves it, and asks for a certificate", "site"},
    KeyInfo{"port", kListenerMap, ValueType::port, kRequired, "", "port to listen on", "8002"},
    KeyInfo{"host", kListenerMap, ValueType::host, kOptional, "every address",
            "address to listen on", "0.0.0.0"},
    KeyInfo{"host", kConnectToMap, ValueType::host, kRequired, "",
            "name or address of the server or its proxy", "proxy.example.com"},
    KeyInfo{"port", kConnectToMap, ValueType::port, kOptional, "the server's",
            "port of the server or its proxy", "443"},
    KeyInfo{"from", kPolicyMap, ValueType::peer, kRequired, "", "sender", "client"},
    KeyInfo{"to", kPolicyMap, ValueType::peer, kRequired, "", "receiver", "server"},
    KeyInfo{"topics", kPolicyMap, ValueType::topics, kRequired, "",
            "what may be sent; a * at the end matches every topic that begins so", "[train, eval/*]"},
    KeyInfo{"url", kProxyMap, ValueType::url, kRequired, "",
            "where the proxy is", "http://proxy.example.com:3128"},
    KeyInfo{"credentials", kProxyMap, ValueType::secret_name, kOptional, "",
            "name of the secret with user and password", "proxy_login"},
    // Keys of the reference's own project files: accepted, named in one notice, without effect.
    KeyInfo{"builders", kProject, ValueType::ignored, kOptional, "", kNoEffect, ""},
    KeyInfo{"packager", kProject, ValueType::ignored, kOptional, "", kNoEffect, ""},
    KeyInfo{"app_location", kProject, ValueType::ignored, kOptional, "", kNoEffect, ""},
    KeyInfo{"overseer_agent", kProject, ValueType::ignored, kOptional, "", kNoEffect, ""},
    KeyInfo{"components", kEveryParticipant, ValueType::ignored, kOptional, "", kNoEffect, ""},
    KeyInfo{"enable_byoc", kEveryParticipant, ValueType::ignored, kOptional, "", kNoEffect, ""},
    KeyInfo{"require_signed_jobs", kEveryParticipant, ValueType::ignored, kOptional, "", kNoEffect, ""},
    KeyInfo{"listening_host", kEveryParticipant, ValueType::ignored, kOptional, "", kNoEffect, ""},
    KeyInfo{"comm_config", kEveryParticipant, ValueType::ignored, kOptional, "", kNoEffect, ""},
};

/// Keys of the reference's own project files that ask for something which is not here: ignoring them would
/// leave out a protection that somebody counts on.
constexpr std::array kUnsupported = {
    std::pair{std::string_view("cc_config"),
              std::string_view("confidential computing is not supported: remove the key if the project does without")},
    std::pair{std::string_view("edge"),
              std::string_view("edge hierarchies are not supported: list the participants, each connects to the server")},
};

constexpr std::array kTypes = {
    std::pair{ValueType::version, std::string_view("the number 3")},
    std::pair{ValueType::text, std::string_view("text")},
    std::pair{ValueType::project_name, std::string_view("name")},
    std::pair{ValueType::description, std::string_view("text")},
    std::pair{ValueType::name, std::string_view("name")},
    std::pair{ValueType::org, std::string_view("text")},
    std::pair{ValueType::type, std::string_view("server, client, admin or service")},
    std::pair{ValueType::role, std::string_view("project_admin, org_admin, lead or member")},
    std::pair{ValueType::boolean, std::string_view("true or false")},
    std::pair{ValueType::connection_security, std::string_view("mtls, tls or clear")},
    std::pair{ValueType::message_security, std::string_view("auto, mac or seal")},
    std::pair{ValueType::scheme, std::string_view("name of a transport, such as tcp")},
    std::pair{ValueType::path, std::string_view("path of a PEM file")},
    std::pair{ValueType::port, std::string_view("port number, 1 to 65535")},
    std::pair{ValueType::host, std::string_view("DNS name or IP address")},
    std::pair{ValueType::hosts, std::string_view("host or list of hosts")},
    std::pair{ValueType::listeners, std::string_view("list of {port, scheme, host, connection_security}")},
    std::pair{ValueType::connect_to, std::string_view("host or {host, port, scheme, connection_security}")},
    std::pair{ValueType::options, std::string_view("map of scheme to options")},
    std::pair{ValueType::participants, std::string_view("list of participants")},
    std::pair{ValueType::policy, std::string_view("list of {from, to, topics}")},
    std::pair{ValueType::peer, std::string_view("a participant's name, a type or *")},
    std::pair{ValueType::topics, std::string_view("topic or list of topics")},
    std::pair{ValueType::crl, std::string_view("lenient or strict")},
    std::pair{ValueType::weaker_overrides, std::string_view("refused or allowed")},
    std::pair{ValueType::key_custody, std::string_view("project or site")},
    std::pair{ValueType::proxy, std::string_view("URL or {url, credentials}")},
    std::pair{ValueType::url, std::string_view("http://HOST:PORT or socks5://HOST:PORT")},
    std::pair{ValueType::secret_name, std::string_view("name")},
    std::pair{ValueType::ignored, std::string_view("anything")},
};

constexpr std::string_view kParticipants[] = {"server", "client", "admin", "service"};
constexpr std::string_view kRoles[] = {"project_admin", "org_admin", "lead", "member"};
constexpr std::string_view kConnectionSecurities[] = {"mtls", "tls", "clear"};
constexpr std::string_view kMessageSecurities[] = {"auto", "mac", "seal"};
constexpr std::string_view kCrlModes[] = {"lenient", "strict"};
constexpr std::string_view kWeakerOverrides[] = {"refused", "allowed"};
constexpr std::string_view kKeyCustodies[] = {"project", "site"};

constexpr std::array kLevels = {
    std::pair{kProject, std::string_view("the project")},
    std::pair{kServer, std::string_view("the server")},
    std::pair{kClient, std::string_view("a client")},
    std::pair{kAdmin, std::string_view("an admin")},
    std::pair{kService, std::string_view("a service")},
    std::pair{kListenerMap, std::string_view("a listener")},
    std::pair{kConnectToMap, std::string_view("connect_to")},
    std::pair{kPolicyMap, std::string_view("a policy rule")},
    std::pair{kProxyMap, std::string_view("proxy")},
};
// clang-format on

/// Levels at which a key stands, in any of its rows.
unsigned levels_of(std::string_view key) noexcept {
  unsigned levels = 0;
  for (const KeyInfo& row : kTable)
    if (row.key == key) levels |= row.levels;
  return levels;
}

}  // namespace

std::span<const std::string_view> choices(ValueType type) noexcept {
  switch (type) {
    case ValueType::type:
      return kParticipants;
    case ValueType::role:
      return kRoles;
    case ValueType::connection_security:
      return kConnectionSecurities;
    case ValueType::message_security:
      return kMessageSecurities;
    case ValueType::crl:
      return kCrlModes;
    case ValueType::weaker_overrides:
      return kWeakerOverrides;
    case ValueType::key_custody:
      return kKeyCustodies;
    default:
      return {};
  }
}

std::string_view describe(ValueType type) noexcept {
  const auto* const found =
      std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& row) { return row.first == type; });
  return found == kTypes.end() ? std::string_view("text") : found->second;
}

std::string_view describe(Level level) noexcept {
  const auto* const found =
      std::find_if(kLevels.begin(), kLevels.end(), [&](const auto& row) { return row.first == level; });
  return found == kLevels.end() ? std::string_view("a participant") : found->second;
}

std::string describe_levels(unsigned levels) {
  std::string places;
  for (const auto& [level, place] : kLevels)
    if ((levels & level) != 0) places += (places.empty() ? "" : ", ") + std::string(place);
  return places;
}

std::span<const KeyInfo> key_table() noexcept { return kTable; }

const KeyInfo* find_key(std::string_view key, Level level) noexcept {
  for (const KeyInfo& row : kTable)
    if (row.key == key && (row.levels & level) != 0) return &row;
  return nullptr;
}

Level level_of(base::ParticipantType type) noexcept {
  switch (type) {
    case base::ParticipantType::server:
      return kServer;
    case base::ParticipantType::client:
      return kClient;
    case base::ParticipantType::admin:
      return kAdmin;
    case base::ParticipantType::service:
      return kService;
  }
  return kClient;
}

std::optional<Level> level_of(ValueType type) noexcept {
  switch (type) {
    case ValueType::listeners:
      return kListenerMap;
    case ValueType::connect_to:
      return kConnectToMap;
    case ValueType::policy:
      return kPolicyMap;
    case ValueType::proxy:
      return kProxyMap;
    default:
      return std::nullopt;
  }
}

KeyProblem explain_unknown_key(std::string_view key, Level level) {
  const std::string quoted = "\"" + std::string(key) + "\"";
  const std::string here(describe(level));
  const auto* const unsupported = std::find_if(kUnsupported.begin(), kUnsupported.end(),
                                               [&](const auto& row) { return row.first == key; });
  if (unsupported != kUnsupported.end()) return {quoted + " is refused", std::string(unsupported->second)};
  if (const std::string places = describe_levels(levels_of(key)); !places.empty())
    return {quoted + " cannot be set for " + here, "it belongs to: " + places};
  KeyProblem problem{"unknown key " + quoted + " for " + here, ""};
  std::vector<std::string_view> candidates;
  for (const KeyInfo& row : kTable)
    if ((row.levels & level) != 0) candidates.push_back(row.key);
  if (const auto near = nearest(key, candidates))
    problem.hint = "did you mean \"" + std::string(*near) + "\"?";
  return problem;
}

}  // namespace fairlead::config

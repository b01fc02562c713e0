/// The resolved configuration: what every participant of a project ends up with, and where each value came
/// from. Used by explain, check, provision and the kit; plain data without behaviour.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/names.hpp"
#include "base/security.hpp"

namespace fairlead::config {

/// Where a value came from, weakest first (the order in which a later one wins).
enum class Origin {
  default_value,
  automatic,
  secure_train,
  project,
  participant,
  local,
  environment,
  command_line
};
/// "default", "auto", "secure_train", "project", "participant", "local", "environment", "command line".
const char* name(Origin origin) noexcept;

/// A value and its origin. `at` is FILE:LINE, the variable or "--set"; empty for default, auto, secure_train.
template <class T>
struct Value {
  T value{};
  Origin origin = Origin::default_value;
  std::string at{};
};

/// Whom a listener serves.
enum class Purpose { clients, admins, both };
const char* name(Purpose purpose) noexcept;  ///< "clients", "admins", "both"

/// One place where the server listens. Port 0: any free port.
struct Listener {
  std::string scheme;
  std::string host;
  uint16_t port = 0;
  base::ConnectionSecurity connection_security = base::ConnectionSecurity::mtls;
  Purpose purpose = Purpose::both;
  bool operator==(const Listener&) const = default;
};

/// Where a participant connects to. The host is a DNS name or an IP address without brackets.
struct Address {
  std::string scheme;
  std::string host;
  uint16_t port = 0;
  bool operator==(const Address&) const = default;
};
/// "scheme://host:port", an IPv6 host in brackets.
std::string text(const Address& address);
std::string text(const Listener& listener);

/// Time-outs of one participant; all can be overridden on the spot.
struct Timeouts {
  Value<base::Milliseconds> connect{base::Milliseconds(10'000)};
  Value<base::Milliseconds> handshake{base::Milliseconds(10'000)};
  Value<base::Milliseconds> login{base::Milliseconds(10'000)};
  Value<base::Milliseconds> first_byte{base::Milliseconds(5'000)};
  Value<base::Milliseconds> heartbeat_interval{base::Milliseconds(10'000)};
  Value<base::Milliseconds> plugin_call{base::Milliseconds(60'000)};               ///< then the process ends
  Value<base::Milliseconds> token_lifetime{base::Milliseconds(3'600'000)};         ///< server; whole seconds
  Value<base::Milliseconds> session_lifetime{base::Milliseconds(24 * 3'600'000)};  ///< until a full login
};

/// An outbound proxy.
struct Proxy {
  std::string url;          ///< empty: the site goes without the one that its kit names
  std::string credentials;  ///< name of a secret in KIT/local/secrets; empty: none
  bool operator==(const Proxy&) const = default;
};

/// Who may send what to whom: names, participant types or "*"; topics may end in "*".
struct PolicyRule {
  std::string from;
  std::string to;
  std::vector<std::string> topics;
  bool operator==(const PolicyRule&) const = default;
};

/// What to do when the revocation list is old: go on and warn, or refuse.
enum class CrlMode { lenient, strict };
const char* name(CrlMode mode) noexcept;  ///< "lenient", "strict"

/// May a site's own settings ask for less protection than its signed kit?
enum class WeakerOverrides { refused, allowed };
const char* name(WeakerOverrides rule) noexcept;  ///< "refused", "allowed"

/// Who makes a participant's key: the project, whose kit brings it, or the site, which asks for a
/// certificate.
enum class KeyCustody { project, site };
const char* name(KeyCustody custody) noexcept;  ///< "project", "site"

/// scheme -> option -> text, checked later against what the plugin of that scheme declares.
using TransportOptions = std::map<std::string, std::map<std::string, std::string>>;

/// A transport plugin of a site's own, which nobody but the site trusts.
struct SitePlugin {
  Value<std::string> file;  ///< absolute path
  std::string sha256;       ///< that the file must have, 64 hexadecimal digits; empty: any
};

struct ResolvedParticipant {
  std::string name;
  base::ParticipantType type = base::ParticipantType::client;
  std::string org;
  std::string role;  ///< admins only
  Value<KeyCustody> key_custody;
  Value<base::ConnectionSecurity> connection_security;
  std::optional<Value<std::string>> custom_ca_cert;  ///< as written
  bool custom_ca_used = false;                       ///< it connects with tls, so the file will be read
  std::string custom_ca_file;                        ///< path to open; empty without custom_ca_cert
  /// What was configured; `automatic` is decided per lane at run time.
  Value<base::MessageSecurity> message_security;
  /// What `automatic` comes to on the paths this project describes: mac or seal.
  base::MessageSecurity expected_message_security = base::MessageSecurity::seal;
  Value<std::string> scheme;
  TransportOptions transports;
  std::map<std::string, SitePlugin> site_plugins;  ///< by scheme; from local/fairlead.yml only
  Value<WeakerOverrides> weaker_overrides;
  std::optional<Value<Proxy>> proxy;
  /// The site's own, in the place of those of `proxy`: name of a secret; empty: none.
  std::optional<Value<std::string>> proxy_credentials;

  // The server only.
  Value<std::vector<std::string>> host_names;
  Value<std::string> default_host;
  std::vector<Listener> listeners;
  Value<bool> issuing_ca{false};                ///< it renews certificates of the others by itself
  std::optional<Value<uint64_t>> memory_limit;  ///< bytes; a quarter of the machine's memory when not set

  // Everybody else.
  Value<Address> connect_to;

  std::optional<Value<std::string>> log_level, log_format;
  Value<bool> compact_headers{false};  ///< ask for short message headers; not at the server
  Timeouts timeouts;
};

enum class NoteLevel { info, warning, error };
const char* name(NoteLevel level) noexcept;  ///< "info", "warning", "error"

/// Something the reader should know. `about` names the participants concerned; a pair is {client, server}.
struct Note {
  NoteLevel level = NoteLevel::info;
  std::vector<std::string> about;
  std::string text;
};

/// A whole project. `participants` keeps the order of the file and has exactly one server.
struct ResolvedProject {
  std::string name;
  std::string description;
  Value<bool> secure_train{true};
  Value<CrlMode> crl;
  Value<std::vector<PolicyRule>> policy;  ///< empty with origin default: the built-in policy
  std::vector<ResolvedParticipant> participants;
  std::vector<Note> notes;

  /// The one server.
  const ResolvedParticipant& server() const noexcept;
  /// The participant of exactly that name, null when there is none.
  const ResolvedParticipant* find(std::string_view participant) const noexcept;
};

}  // namespace fairlead::config

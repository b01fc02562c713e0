#include "config/local_settings.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>
#include <vector>

#include "base/words.hpp"
#include "config/local_setters.hpp"
#include "config/nearest.hpp"

namespace fairlead::config {
namespace {

constexpr std::string_view kDuration = "a number and ms, s, m or h, from 1ms to 24h";
constexpr std::string_view kLife = "a number and s, m or h, from 2s to 24h";

// clang-format off
constexpr std::array kTable = {
    LocalSetting{"listen.host", kServer, kAnyPlace, "DNS name or IP address", "as in the kit",
                 "where every listener of the server listens", "0.0.0.0", set_listen_host, nullptr},
    LocalSetting{"listen.port", kServer, kAnyPlace, "port number, 0 to 65535", "as in the kit",
                 "port of the first listener for clients; 0 takes any free port, for every listener", "8002",
                 set_listen_port, nullptr},
    LocalSetting{"memory_limit", kServer, kAnyPlace, "a number and MiB or GiB, from 64MiB to 1024GiB",
                 "a quarter of the machine's memory", "how much memory the server's buffers may take", "2GiB",
                 set_memory_limit, shown_memory_limit},
    LocalSetting{"connect_to", kConnecting, kAnyPlace, "HOST, HOST:PORT or SCHEME://HOST:PORT", "as in the kit",
                 "where to connect", "tcp://server.example.com:8002", set_connect_to, nullptr},
    LocalSetting{"custom_ca_cert", kConnecting, kLocalFile, "path of a PEM file, from the folder of this file",
                 "as in the kit", "CA that signed the certificate of a proxy in front of the server; for tls",
                 "/etc/ssl/certs/proxy-ca.pem", set_custom_ca, nullptr},
    LocalSetting{"proxy", kConnecting, kAnyPlace, "http://HOST:PORT, socks5://HOST:PORT or none", "as in the kit",
                 "outbound proxy for every connection; none connects directly", "http://proxy.example.com:3128",
                 set_proxy, nullptr},
    LocalSetting{"proxy_credentials", kConnecting, kAnyPlace, "name of a file in local/secrets, or none",
                 "as in the kit", "secret with user:password for the proxy", "proxy", set_proxy_credentials,
                 nullptr},
    LocalSetting{"message_security", kEveryParticipant, kAnyPlace, "auto, mac or seal", "as in the kit",
                 "how each message is protected, never weaker than in the kit", "seal", set_message_security,
                 nullptr},
    LocalSetting{"compact_headers", kConnecting, kAnyPlace, "true or false", "false",
                 "asks the server for short message headers", "true", set_compact_headers,
                 shown_compact_headers},
    LocalSetting{"log.level", kEveryParticipant, kAnyPlace, "debug, info, warning, error or off", "info",
                 "what is logged", "debug", set_log_level, shown_log_level},
    LocalSetting{"log.format", kEveryParticipant, kAnyPlace, "text or json", "text", "how it is logged", "json",
                 set_log_format, shown_log_format},
    LocalSetting{"connect_timeout", kEveryParticipant, kAnyPlace, kDuration, "10s",
                 "longest wait for a connection", "10s", set_timeout<&Timeouts::connect>,
                 shown_timeout<&Timeouts::connect>},
    LocalSetting{"handshake_timeout", kEveryParticipant, kAnyPlace, kDuration, "10s",
                 "longest wait for a TLS handshake", "10s", set_timeout<&Timeouts::handshake>,
                 shown_timeout<&Timeouts::handshake>},
    LocalSetting{"login_timeout", kEveryParticipant, kAnyPlace, kDuration, "10s", "longest wait for a login",
                 "10s", set_timeout<&Timeouts::login>, shown_timeout<&Timeouts::login>},
    LocalSetting{"first_byte_timeout", kEveryParticipant, kAnyPlace, kDuration, "5s",
                 "longest wait for the first byte of a new connection", "5s",
                 set_timeout<&Timeouts::first_byte>, shown_timeout<&Timeouts::first_byte>},
    LocalSetting{"heartbeat_interval", kEveryParticipant, kAnyPlace, kDuration, "10s",
                 "a silent connection is given up after three of these", "10s",
                 set_timeout<&Timeouts::heartbeat_interval>, shown_timeout<&Timeouts::heartbeat_interval>},
    LocalSetting{"plugin_call_limit", kEveryParticipant, kAnyPlace, kDuration, "60s",
                 "a transport plugin that does not return from a call for so long ends the process", "60s",
                 set_timeout<&Timeouts::plugin_call>, shown_timeout<&Timeouts::plugin_call>},
    LocalSetting{"token_lifetime", kServer, kAnyPlace, kLife, "1h", "how long a token of this server is valid",
                 "1h", set_timeout<&Timeouts::token_lifetime, 2000>, shown_timeout<&Timeouts::token_lifetime>},
    LocalSetting{"session_lifetime", kEveryParticipant, kAnyPlace, kLife, "24h",
                 "how long a session may last before its participant logs in anew", "24h",
                 set_timeout<&Timeouts::session_lifetime, 2000>, shown_timeout<&Timeouts::session_lifetime>},
    LocalSetting{"transports.SCHEME.plugin", kEveryParticipant, kLocalFile, "path of a file, from the folder of this file",
                 "the plugin of this installation", "a transport plugin of the site's own, which the site trusts",
                 "/opt/site/my_transport.so", set_site_plugin, nullptr},
    LocalSetting{"transports.SCHEME.sha256", kEveryParticipant, kLocalFile, "64 hexadecimal digits", "",
                 "SHA-256 that the plugin's file must have",
                 "0000000000000000000000000000000000000000000000000000000000000000", set_plugin_digest, nullptr},
    LocalSetting{"transports.SCHEME.OPTION", kEveryParticipant, kLocalFile, "what the plugin declares", "",
                 "an option of a transport plugin", "value", set_transport_option, nullptr},
};

constexpr std::array kPlaces = {
    std::pair{kLocalFile, std::string_view("local/fairlead.yml of the kit")},
    std::pair{kEnvironment, std::string_view("the environment")},
    std::pair{kCommandLine, std::string_view("--set")},
};
// clang-format on

/// The first part of a dotted key, which is cut off.
std::string_view next_part(std::string_view& key) noexcept {
  const std::string_view part = key.substr(0, key.find('.'));
  key.remove_prefix(std::min(key.size(), part.size() + 1));
  return part;
}

bool is_placeholder(std::string_view part) noexcept {
  return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// Does a key of a file fit a row's key? The last placeholder takes the rest of the key, dots included.
bool fits(std::string_view pattern, std::string_view key) noexcept {
  while (!pattern.empty()) {
    const std::string_view wanted = next_part(pattern);
    if (is_placeholder(wanted) && pattern.empty()) return !key.empty();
    const std::string_view part = next_part(key);
    if (part.empty() || (!is_placeholder(wanted) && part != wanted)) return false;
  }
  return key.empty();
}

std::vector<std::string_view> keys_of(Place place) {
  std::vector<std::string_view> keys;
  for (const LocalSetting& row : kTable)
    if ((row.places & place) != 0) keys.push_back(row.key);
  return keys;
}

/// Parts of a key as a file shows them: an example where a row has a placeholder.
std::vector<std::string> sample_parts(std::string_view key) {
  std::vector<std::string> parts;
  while (!key.empty()) {
    std::string part(next_part(key));
    if (is_placeholder(part))
      std::transform(part.begin(), part.end(), part.begin(),
                     [](char c) { return static_cast<char>(c - 'A' + 'a'); });
    parts.push_back(std::move(part));
  }
  return parts;
}

/// Writes rows one after the other; maps that two neighbours share are opened once.
class SampleWriter {
 public:
  void add(const LocalSetting& row) {
    const std::vector<std::string> parts = sample_parts(row.key);
    const auto differ = std::mismatch(open_.begin(), open_.end(), parts.begin(), parts.end() - 1);
    open_.erase(differ.first, open_.end());
    if (open_.empty()) text_ += "\n";
    text_ += "# " + std::string(row.key) + ": " + std::string(row.help) + ".\n# " + std::string(row.form) +
             (row.default_text.empty() ? "" : "; without it: " + std::string(row.default_text)) + "\n";
    for (size_t i = open_.size(); i + 1 < parts.size(); ++i) {
      text_ += "#" + std::string(i * 2, ' ') + parts[i] + ":\n";
      open_.push_back(parts[i]);
    }
    text_ += "#" + std::string(open_.size() * 2, ' ') + parts.back() + ": " + std::string(row.example) + "\n";
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
  std::vector<std::string> open_;  ///< parts of the maps that are open
};

}  // namespace

std::span<const LocalSetting> local_settings() noexcept { return kTable; }

const LocalSetting* find_local_setting(std::string_view key) noexcept {
  const auto* const found =
      std::find_if(kTable.begin(), kTable.end(), [&](const auto& row) { return fits(row.key, key); });
  return found == kTable.end() ? nullptr : found;
}

std::string environment_name(std::string_view key) {
  std::string variable = "FAIRLEAD_";
  for (const char c : key) {
    if (c == '.') {
      variable += "__";
    } else {
      variable += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
  }
  return variable;
}

KeyProblem explain_unknown_setting(std::string_view key, Place place) {
  const std::string quoted = "\"" + std::string(key) + "\"";
  if (const LocalSetting* row = find_local_setting(key)) {
    std::vector<std::string_view> places;
    for (const auto& [bit, name] : kPlaces)
      if ((row->places & bit) != 0) places.push_back(name);
    return {quoted + " cannot be set here", "it may stand in " + base::joined(places)};
  }
  const std::vector<std::string_view> known = keys_of(place);
  if (const auto near = nearest(key, known))
    return {"unknown setting " + quoted, "did you mean \"" + std::string(*near) + "\"?"};
  return {"unknown setting " + quoted, "known settings are " + base::joined(known)};
}

std::string local_settings_sample(base::ParticipantType type) {
  std::string head =
      "# Settings of this site. Nothing here is active: remove the '#' in front of what you need.\n"
      "# They win over the kit, and lose against the environment (" +
      environment_name("log.level") +
      "=debug) and --set log.level=debug.\n"
      "# A value that makes anything weaker than the signed kit is refused.\n";
  SampleWriter writer;
  for (const LocalSetting& row : kTable)
    if ((row.types & level_of(type)) != 0 && (row.places & kLocalFile) != 0) writer.add(row);
  return head + writer.take();
}

}  // namespace fairlead::config

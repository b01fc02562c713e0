#include "settings.hpp"

namespace zmq_curve {
namespace {

using fairlead::transport::Config;
using fairlead::transport::Error;

Security security_of(std::string_view text) {
  if (text == "clear") return Security::kClear;
  if (text == "tls") return Security::kTls;
  if (text == "mtls") return Security::kMtls;
  throw Error(FAIRLEAD_E_CONFIG, "option security is \"" + std::string(text) + "\"; use clear, tls or mtls");
}

int milliseconds(const Config& config, const char* name) {
  return static_cast<int>(config.number(name) / kMillisecond);
}

}  // namespace

Settings read_settings(const Config& config) {
  Settings settings;
  settings.security = security_of(config.text("security"));
  if (const auto secret = config.secret("curve_key"); !secret.empty()) settings.own = key_pair_of(secret);
  if (const auto server = config.text("server_curve"); !server.empty())
    settings.server = key_from_hex(server, "server_curve");
  settings.largest_message = config.number("max_message");
  settings.handshake_ms = milliseconds(config, "handshake");
  settings.heartbeat_ms = milliseconds(config, "heartbeat");
  settings.io_threads = static_cast<int>(config.number("io_threads", 1));
  settings.most_peers = static_cast<size_t>(config.number("max_peers"));
  settings.ipv6_names = config.flag("ipv6_names");
  return settings;
}

}  // namespace zmq_curve

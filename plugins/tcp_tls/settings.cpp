#include "settings.hpp"

namespace tcp_tls {
namespace {

using fairlead::transport::Error;

Security security_of(std::string_view text) {
  if (text == "clear") return Security::kClear;
  if (text == "tls") return Security::kTls;
  if (text == "mtls") return Security::kMtls;
  throw Error(FAIRLEAD_E_CONFIG, "option security is \"" + std::string(text) + "\"; use clear, tls or mtls");
}

std::string alpn_of(std::string_view text) {
  constexpr size_t kLongest = 255;  // RFC 7301 section 3.1: the length is one byte
  if (text.size() > kLongest) throw Error(FAIRLEAD_E_CONFIG, "option alpn is longer than 255 bytes");
  return std::string(text);
}

}  // namespace

Settings read_settings(const fairlead::transport::Config& config) {
  Settings settings;
  settings.security = security_of(config.text("security"));
  settings.rules = config.flag("legacy_certificates") ? CertificateRules::kLegacy : CertificateRules::kStrict;
  settings.server_name = config.text("server_name");
  settings.alpn = alpn_of(config.text("alpn"));
  settings.tuning.nodelay = config.flag("nodelay", true);
  settings.tuning.send_buffer = static_cast<int>(config.number("send_buffer"));
  settings.tuning.receive_buffer = static_cast<int>(config.number("receive_buffer"));
  settings.tuning.congestion = config.text("congestion");
  return settings;
}

}  // namespace tcp_tls

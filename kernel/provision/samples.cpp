#include "provision/samples.hpp"

#include <sstream>

namespace fairlead::provision {
namespace {

constexpr std::string_view kHead =
    R"(# Settings of this site. Nothing here is active: remove the '#' in front of what you need.
# They win over the kit, and lose against the environment (FAIRLEAD_LOG__LEVEL=debug) and --set log.level=debug.
# A value that makes anything weaker than the signed kit is refused.

)";

constexpr std::string_view kServerPart =
    R"(# Where the server listens, instead of the host and port in the kit. Port 0 takes any free port.
#listen:
#  host: 0.0.0.0
#  port: 8002

# How much memory the server's buffers may take, in MiB or GiB; without it a quarter of the machine's.
#memory_limit: 2GiB

)";

constexpr std::string_view kConnectingPart =
    R"(# Where to connect, instead of the address in the kit: host, host:port or scheme://host:port.
#connect_to: tcp://server.example.com:8002

# PEM file of the CA that signed the certificate of a proxy in front of the server. Used with tls only.
#custom_ca_cert: /etc/ssl/certs/proxy-ca.pem

)";

constexpr std::string_view kCommonPart =
    R"(# How each message is protected: auto, mac or seal. Never weaker than the kit.
#message_security: seal

# What is logged: debug, info, warning, error or off; as text or json.
#log:
#  level: info
#  format: text

# Time-outs: a number and ms, s, m or h.
#connect_timeout: 10s
#handshake_timeout: 10s
#login_timeout: 10s
#first_byte_timeout: 5s
#heartbeat_interval: 10s

# How long a session may last before its participant logs in anew.
#session_lifetime: 24h

# Options of a transport plugin, and a plugin of this site's own. The site trusts the file it names here.
#transports:
#  myscheme:
#    plugin: /opt/site/my_transport.so
#    sha256: 0000000000000000000000000000000000000000000000000000000000000000
)";

}  // namespace

std::string local_settings_sample(base::ParticipantType type) {
  std::ostringstream text;
  text << kHead << (type == base::ParticipantType::server ? kServerPart : kConnectingPart) << kCommonPart;
  return text.str();
}

std::string_view privacy_sample() noexcept {
  return R"({
  "scopes": [
    {
      "name": "public",
      "properties": {},
      "task_result_filters": [],
      "task_data_filters": []
    }
  ],
  "default_scope": "public"
}
)";
}

}  // namespace fairlead::provision

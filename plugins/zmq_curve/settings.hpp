/// What one instance is told to do: the declared options and their values as plain types.
#pragma once
#include <cstdint>
#include <fairlead/transport.hpp>
#include <optional>
#include <string>

#include "keys.hpp"

namespace zmq_curve {

enum class Security { kClear, kTls, kMtls };

struct Settings {
  Security security = Security::kMtls;
  std::optional<KeyPair> own;       ///< absent: the kit has none
  std::optional<PublicKey> server;  ///< the listener's key, for who dials
  int64_t largest_message = 0;      ///< bytes
  int handshake_ms = 0, heartbeat_ms = 0;
  int io_threads = 1;
  size_t most_peers = 0;
  bool ipv6_names = false;

  bool is_secure() const noexcept { return security != Security::kClear; }
};

inline constexpr int64_t kMillisecond = 1'000'000;

/// Declared to the kernel; ends with a nameless one.
inline constexpr fairlead_option kOptions[] = {
    {"security", nullptr, "clear (NULL), tls (CURVE, the listener's key is pinned) or mtls (both keys are)",
     FAIRLEAD_TEXT, FAIRLEAD_OPT_REQUIRED, 0, 0},
    {"curve_key", nullptr, "our own CURVE secret key, 32 raw bytes", FAIRLEAD_SECRET, FAIRLEAD_OPT_SENSITIVE,
     0, 0},
    {"server_curve", "", "CURVE public key of the listener, 64 hex digits; for who dials", FAIRLEAD_TEXT, 0,
     0, 0},
    {"max_message", "1114112", "largest message that a peer may send", FAIRLEAD_SIZE_BYTES, 0, 65536,
     int64_t{32} << 20},
    {"handshake", "5s", "how long a peer may take for its ZMTP and CURVE handshake", FAIRLEAD_DURATION_NS, 0,
     100 * kMillisecond, 60'000 * kMillisecond},
    {"heartbeat", "5s", "pause between ZMTP heartbeats; three that stay away end the connection",
     FAIRLEAD_DURATION_NS, 0, 100 * kMillisecond, 600'000 * kMillisecond},
    {"io_threads", "1", "threads of libzmq that encrypt and move bytes", FAIRLEAD_INT, 0, 1, 16},
    {"max_peers", "20000", "connections of one listener, those that never say hello included", FAIRLEAD_INT,
     0, 1, 1'000'000},
    {"ipv6_names", "false", "resolve names to IPv6 addresses; an IPv6 literal needs no switch", FAIRLEAD_BOOL,
     0, 0, 1},
    {},
};

/// Throws Error(E_CONFIG or E_CREDENTIAL) naming the option.
Settings read_settings(const fairlead::transport::Config& config);

}  // namespace zmq_curve

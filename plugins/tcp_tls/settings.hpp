/// What one instance is told to do: the declared options and their values as plain types.
#pragma once
#include <cstdint>
#include <fairlead/transport.hpp>
#include <string>

#include "socket.hpp"

namespace tcp_tls {

enum class Security { kClear, kTls, kMtls };

/// How much a peer's certificate must say about its own purpose.
enum class CertificateRules {
  kStrict,  ///< RFC 5280 strictness, key usage and extended key usage present and right
  kLegacy   ///< what is present must be right, what is absent is tolerated
};

struct Settings {
  Security security = Security::kMtls;
  CertificateRules rules = CertificateRules::kStrict;
  std::string server_name;  ///< empty: the host part of the address dialled
  std::string alpn;         ///< empty: none
  SocketTuning tuning;
};

inline constexpr int64_t kLargestBuffer = 64 * 1024 * 1024;

/// Declared to the kernel; ends with a nameless one.
inline constexpr fairlead_option kOptions[] = {
    {"security", nullptr, "clear, tls (the dialler verifies the listener) or mtls (both verify)",
     FAIRLEAD_TEXT, FAIRLEAD_OPT_REQUIRED, 0, 0},
    {"ca", "", "PEM certificates that may have issued the peer's certificate; nothing else is trusted",
     FAIRLEAD_TEXT, 0, 0, 0},
    {"chain", "", "PEM certificates to present: our own first, then intermediates", FAIRLEAD_TEXT, 0, 0, 0},
    {"key", nullptr, "PEM private key of the first certificate of chain", FAIRLEAD_SECRET,
     FAIRLEAD_OPT_SENSITIVE, 0, 0},
    {"crl", "", "PEM revocation lists of the issuers in ca; empty: none are checked", FAIRLEAD_TEXT, 0, 0, 0},
    {"server_name", "",
     "DNS name or IP literal the listener's certificate must carry; empty: the host dialled", FAIRLEAD_TEXT,
     0, 0, 0},
    {"alpn", "fairlead/1", "application protocol offered, and selected when offered; empty: none",
     FAIRLEAD_TEXT, 0, 0, 0},
    {"legacy_certificates", "false",
     "accept certificates without key usage extensions; what is present is still enforced", FAIRLEAD_BOOL, 0,
     0, 1},
    {"nodelay", "true", "send small segments at once (TCP_NODELAY)", FAIRLEAD_BOOL, 0, 0, 1},
    {"send_buffer", "0", "socket send buffer; 0: the system tunes it", FAIRLEAD_SIZE_BYTES, 0, 0,
     kLargestBuffer},
    {"receive_buffer", "0", "socket receive buffer; 0: the system tunes it", FAIRLEAD_SIZE_BYTES, 0, 0,
     kLargestBuffer},
    {"congestion", "", "congestion control, e.g. cubic; empty: the system's", FAIRLEAD_TEXT, 0, 0, 0},
    {},
};

/// Throws Error(E_CONFIG) naming the option.
Settings read_settings(const fairlead::transport::Config& config);

}  // namespace tcp_tls

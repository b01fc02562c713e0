/// The transports that an installation brings: which scheme is served by which plugin, from which file. Read
/// by whoever makes kits, loads plugins or tells people what a link will prove.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fairlead::config {

inline constexpr const char* kTcpPlugin = "org.fairlead.tcp-tls";

struct ShippedTransport {
  std::string_view scheme;
  std::string_view id;    ///< as the plugin says it
  std::string_view file;  ///< in the installation's folder of plugins
  bool trusted_link;      ///< what it reports about a link may lower message security to mac
  bool listens;           ///< else what answers it is a listener of another transport
};

inline constexpr std::array kShippedTransports = {
    ShippedTransport{"tcp", kTcpPlugin, "tcp_tls.so", true, true},
    ShippedTransport{"zmq", "org.fairlead.zmq-curve", "zmq_curve.so", true, true},
    ShippedTransport{"unix", "org.example.unix", "byoconn_example.so", false, true},
    ShippedTransport{"exec", "org.fairlead.exec", "exec.so", false, false},
};

/// nullptr when none is shipped for it.
constexpr const ShippedTransport* shipped_for_scheme(std::string_view scheme) noexcept {
  for (const ShippedTransport& one : kShippedTransports)
    if (one.scheme == scheme) return &one;
  return nullptr;
}
constexpr const ShippedTransport* shipped_with_id(std::string_view id) noexcept {
  for (const ShippedTransport& one : kShippedTransports)
    if (one.id == id) return &one;
  return nullptr;
}
constexpr const ShippedTransport* shipped_in_file(std::string_view file) noexcept {
  for (const ShippedTransport& one : kShippedTransports)
    if (one.file == file) return &one;
  return nullptr;
}

/// The major version of the transport ABI that shipped plugins are of.
inline constexpr uint32_t kTransportAbi = 1;

/// A plugin that a kit's signed manifest lets into the process.
struct AllowedPlugin {
  std::string id;    ///< "org.fairlead.tcp-tls", ...
  uint32_t abi = 0;  ///< major version of the transport ABI
  /// Lower-case hex; empty: any digest, but only the file that installations bring for this id.
  std::string sha256{};
  bool trusted_link = false;  ///< its reports about a link may lower message security to mac
};
/// Every transport that installations bring, not pinned.
std::vector<AllowedPlugin> shipped_plugins();

}  // namespace fairlead::config

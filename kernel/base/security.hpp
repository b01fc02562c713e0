/// Security levels of links and messages, and the facts a transport reports about one connection.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace fairlead::base {

/// How a link is made. Ordered from weakest to strongest.
enum class ConnectionSecurity : uint8_t { clear, tls, mtls };
/// What the kernel does to each message. `automatic` is decided per lane; mac < seal.
enum class MessageSecurity : uint8_t { automatic, mac, seal };

const char* name(ConnectionSecurity security) noexcept;  ///< "clear", "tls", "mtls"
const char* name(MessageSecurity security) noexcept;     ///< "auto", "mac", "seal"
/// Any letter case, nothing else.
Result<ConnectionSecurity> parse_connection_security(std::string_view text);
Result<MessageSecurity> parse_message_security(std::string_view text);

/// What one end's transport proved about one open connection. Facts, never permissions.
struct LinkFacts {
  bool confidential = false;    ///< bytes are encrypted and integrity-protected on the wire
  bool peer_verified = false;   ///< the peer proved a key we were told to trust
  bool self_proven = false;     ///< we proved our own key to the peer
  bool trusted_plugin = false;  ///< the kit's signed manifest marks the plugin as a trusted link
  std::string scheme, protocol, cipher, local_address, remote_address;
  Bytes peer_certificate_der;  ///< empty when the link showed none
  Bytes channel_binding;       ///< RFC 9266 tls-exporter or equivalent; empty when none
  Bytes peer_key;  ///< raw public key that the peer proved; empty when the link is by certificates
  Bytes key_pair;  ///< both ends' raw keys, the smaller one first; empty unless both are known
  std::vector<std::string> key_owners;  ///< participants that a signed statement gives peer_key to

  /// The three security bits as they travel in LoginRequest and LANE_OPEN: 1, 2, 4.
  uint8_t bits() const noexcept {
    return static_cast<uint8_t>((confidential ? 1 : 0) | (peer_verified ? 2 : 0) | (self_proven ? 4 : 0));
  }
};

}  // namespace fairlead::base

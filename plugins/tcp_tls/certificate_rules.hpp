/// Which certificates of a peer are good enough, and what to tell people about one that is not.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "openssl.hpp"
#include "settings.hpp"

namespace tcp_tls {

/// What one handshake learns about both certificates. Attached to the SSL object, filled by the callbacks
/// below.
struct Verdict {
  CertificateRules rules = CertificateRules::kStrict;
  std::string alpn;                    ///< what a listener selects when it is offered; empty: none
  std::string expected_name;           ///< what the listener's certificate must carry, when dialling
  std::vector<uint8_t> peer_leaf;      ///< DER; also of a certificate that was refused
  std::string refusal;                 ///< why it was refused, for people; empty otherwise
  bool own_certificate_asked = false;  ///< the peer wanted ours, so a finished handshake proved it
};

/// Installs the rules in a context: purpose and key usage beside OpenSSL's path validation, depth,
/// strictness.
void install_rules(SSL_CTX& context, CertificateRules rules);

/// Connects `verdict` to a handshake; it must outlive `ssl`.
void attach_verdict(SSL& ssl, Verdict& verdict);

/// Demands `name` in the listener's certificate: iPAddress entries for IP literals, dNSName entries
/// otherwise, never the subject. Throws Error(E_CONFIG) when it cannot be a name.
void expect_name(SSL& ssl, Verdict& verdict, const std::string& name);

}  // namespace tcp_tls

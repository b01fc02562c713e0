/// TlsProbe: one handshake over a connected socket that writes down what the other side shows, for diagnosis.
/// Nothing of a login is ever sent.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "crypto/server_chain.hpp"

namespace fairlead::crypto {

/// What to expect, and what to show.
struct TlsProbePlan {
  std::span<const TrustAnchor> trusted;
  std::string host;  ///< that was dialled: a DNS name or an IP literal
  std::string alpn;  ///< offered; empty: none
  /// What is shown to a server that asks for it, only after its own chain was accepted: leaf first. Empty:
  /// nothing is ever shown.
  std::span<const Certificate> own_chain{};
  const PrivateKey* own_key = nullptr;  ///< of own_chain
};

enum class TlsOutcome {
  finished,  ///< the handshake is complete and the chain was accepted
  refused,   ///< the chain was refused, see TlsSight::verdict
  alert,     ///< the other side ended it with an alert
  not_tls,   ///< what came back is no TLS
  closed,    ///< the other side closed without a word
  silent,    ///< nothing came until the deadline, or not enough
  failed     ///< anything else, see TlsSight::text
};

/// What was seen.
struct TlsSight {
  TlsOutcome outcome = TlsOutcome::failed;
  std::string text{};                ///< alert or error in the library's words
  std::string protocol{};            ///< "TLSv1.3"; empty before one was agreed
  std::string alpn{};                ///< the protocol the server chose; empty: none
  bool certificate_asked = false;    ///< the server wanted ours; known for a finished handshake only
  std::vector<Certificate> chain{};  ///< as presented, leaf first
  ServerVerdict verdict{};           ///< about the chain; ServerFault::none before one was presented
  base::Bytes first_bytes{};         ///< the first of the answer, at most 64
};

/// Shakes hands over `fd` (connected, left open, in either blocking mode) until `deadline`. The rules are
/// those of the outer TLS: TLS 1.2 or 1.3, verify_path(), host name. Fails with ErrorCode::internal when
/// OpenSSL cannot be set up, bad_configuration when it cannot use the own chain. Blocks; one thread.
base::Result<TlsSight> probe_tls(int fd, const TlsProbePlan& plan, const base::Clock& clock,
                                 base::MonoTime deadline);

}  // namespace fairlead::crypto

/// What a server's certificate chain is worth to somebody who dialled a host: the rules of the outer TLS, as
/// a judgement that can be explained. Used by tls_probe and by the doctor.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "crypto/chain.hpp"

namespace fairlead::crypto {

/// Why a server's chain is not accepted.
enum class ServerFault {
  none,
  untrusted,  ///< leads to none of the trusted CAs, or breaks a rule of ours
  expired,
  not_yet_valid,
  revoked,
  usage,  ///< not a server's certificate
  host    ///< for other hosts than the one that was dialled
};

/// The judgement, and the library's words for it; empty for a good chain.
struct ServerVerdict {
  ServerFault fault = ServerFault::none;
  std::string text{};
};

/// Judges a chain as it was presented, leaf first, at `now`, against any of `trusted`, and then the leaf
/// against `host` (a DNS name or an IP literal, without brackets). An empty chain is untrusted. Pure, any
/// thread.
ServerVerdict judge_server_chain(std::span<const TrustAnchor> trusted, std::span<const Certificate> presented,
                                 const std::string& host, base::WallTime now);

/// Does the certificate carry this host as a DNS name or IP address of its subjectAltName? A wildcard stands
/// for a whole label. Any thread.
bool carries_host(const Certificate& certificate, const std::string& host);

/// Did this issuer make it: by name, key identifier and signature? Any thread.
bool is_issued_by(const Certificate& certificate, const Certificate& issuer);

}  // namespace fairlead::crypto

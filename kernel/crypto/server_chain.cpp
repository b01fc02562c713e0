#include "crypto/server_chain.hpp"

#include <arpa/inet.h>
#include <openssl/err.h>

#include <array>

#include "crypto/openssl.hpp"

namespace fairlead::crypto {
namespace {

using base::Refusal;

ServerFault fault_of(Refusal refusal) noexcept {
  switch (refusal) {
    case Refusal::certificate_expired:
      return ServerFault::expired;
    case Refusal::not_yet_valid:
      return ServerFault::not_yet_valid;
    case Refusal::certificate_revoked:
    case Refusal::crl_stale:
      return ServerFault::revoked;
    case Refusal::wrong_usage:
      return ServerFault::usage;
    default:
      return ServerFault::untrusted;
  }
}

bool is_address(const std::string& host) {
  std::array<uint8_t, 16> bytes{};
  return ::inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
}

/// What may stand between the leaf and a trusted CA: what was sent, and the other trusted ones.
std::vector<Certificate> between(std::span<const TrustAnchor> trusted,
                                 std::span<const Certificate> presented) {
  std::vector<Certificate> all(presented.begin() + 1, presented.end());
  for (const TrustAnchor& one : trusted) all.push_back(one.root);
  return all;
}

}  // namespace

bool carries_host(const Certificate& certificate, const std::string& host) {
  if (is_address(host)) return X509_check_ip_asc(certificate.openssl(), host.c_str(), 0) == 1;
  const unsigned int rules = X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
  return X509_check_host(certificate.openssl(), host.data(), host.size(), rules, nullptr) == 1;
}

bool is_issued_by(const Certificate& certificate, const Certificate& issuer) {
  const bool signed_by = X509_check_issued(issuer.openssl(), certificate.openssl()) == X509_V_OK &&
                         X509_verify(certificate.openssl(), X509_get0_pubkey(issuer.openssl())) == 1;
  ERR_clear_error();
  return signed_by;
}

ServerVerdict judge_server_chain(std::span<const TrustAnchor> trusted, std::span<const Certificate> presented,
                                 const std::string& host, base::WallTime now) {
  ServerVerdict verdict{ServerFault::untrusted, "no certificate was presented"};
  if (presented.empty()) return verdict;
  const Certificate& leaf = presented.front();
  const std::vector<Certificate> others = between(trusted, presented);
  for (const TrustAnchor& anchor : trusted) {
    std::string detail;
    const auto path = verify_path(anchor, leaf, others, ChainPurpose::server_login, now, &detail);
    if (path) return carries_host(leaf, host) ? ServerVerdict{} : ServerVerdict{ServerFault::host, host};
    // A chain that leads to this CA and fails for another reason says more than one that leads nowhere.
    if (verdict.fault == ServerFault::untrusted) verdict = {fault_of(path.error()), std::move(detail)};
  }
  return verdict;
}

}  // namespace fairlead::crypto

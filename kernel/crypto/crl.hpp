/// Certificate revocation lists: read strictly, verified against the project's authorities, and what they say
/// about a certificate. Used by chain.hpp and by kit, which reads the file.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "crypto/certificate.hpp"

namespace fairlead::crypto {

/// No text with revocation lists is larger than this many bytes.
inline constexpr size_t kLargestRevocationText = 4 * 1024 * 1024;

/// What one list says of itself.
struct RevocationFacts {
  std::string issuer;        ///< one line, RFC 2253
  base::Digest authority{};  ///< SHA-256 of the SubjectPublicKeyInfo that signed it
  uint64_t number = 0;       ///< CRL number, grows with every list of an authority
  base::WallTime this_update{}, next_update{};
  size_t count = 0;  ///< revoked certificates
};

/// Verified revocation lists, at most one of each authority. Immutable and shared cheaply by copies. Thread
/// rule: any thread.
class RevocationLists {
 public:
  RevocationLists() = default;  ///< no list

  /// Reads `X509 CRL` PEM blocks with nothing but blanks around them, or one list in DER, at most
  /// kLargestRevocationText bytes. Each list must be a complete one of version 2 with number, thisUpdate and
  /// nextUpdate, without critical extensions, signed with SHA-2 or Ed25519 by `root` or by one of
  /// `intermediates` (whose chains the caller has verified), and not of the future. Fails with
  /// bad_configuration; `text` says what was found, `hint` what to do, `reason` is crl_malformed,
  /// crl_wrong_issuer, crl_bad_signature, crl_not_yet_valid or crl_too_large. A list whose nextUpdate has
  /// passed is accepted: that it is stale is judged where it is used.
  static base::Result<RevocationLists> read(base::ByteView content, const Certificate& root,
                                            std::span<const Certificate> intermediates, base::WallTime now);

  bool empty() const noexcept { return state_ == nullptr; }
  /// One entry for each list.
  std::span<const RevocationFacts> facts() const noexcept;
  /// The list of the authority with this certificate's key; null when there is none.
  const RevocationFacts* of(const Certificate& authority) const;
  /// Does that authority's list name this certificate? False without such a list.
  bool revokes(const Certificate& certificate, const Certificate& authority) const;
  /// The first list that is over at `now`; null when all are current.
  const RevocationFacts* stale(base::WallTime now) const noexcept;
  /// All lists as one PEM text; empty without any.
  std::string_view pem() const noexcept;

 private:
  struct State;
  explicit RevocationLists(std::shared_ptr<const State> state) noexcept : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;  ///< owners: the copies of one reading
};

}  // namespace fairlead::crypto

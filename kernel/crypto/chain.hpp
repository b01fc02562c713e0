/// Trust: does a chain lead to the project's root, now, for this purpose? The same rules in both directions.
#pragma once
#include <span>

#include "base/clock.hpp"
#include "base/names.hpp"
#include "base/refusal.hpp"
#include "crypto/certificate.hpp"
#include "crypto/crl.hpp"

namespace fairlead::crypto {

/// What the leaf must be allowed to do.
/// `issuing` is asked of an issuing CA itself, not of what it issues.
enum class ChainPurpose { client_login, server_login, token_signing, issuing };
/// Kits of the reference leave out KU and EKU and put the identity in the CN.
enum class LegacyRules { no, yes };

/// What a revocation list that is over, or that is not there, means: nothing, or a refusal. What a list names
/// is refused in either case.
enum class CrlRules { lenient, strict };

/// The project root and its certificate revocation lists. Shared cheaply by copies.
struct TrustAnchor {
  Certificate root;
  LegacyRules legacy = LegacyRules::no;
  RevocationLists revoked{};
  CrlRules crl = CrlRules::lenient;
};

/// Trust in `root` only (never the system store), X509_STRICT, no partial chain, depth <= 3, EKU present and
/// right, KU with digitalSignature, leaf not a CA (for issuing: a CA with pathlen 0 that may sign
/// certificates and lists), allowed key type, version 3, positive serials of at most 20 bytes, nothing below
/// the root revoked. The path that was verified: the leaf first, without the root. On failure the refusal
/// (bad_chain, certificate_expired, not_yet_valid, wrong_usage, certificate_revoked, crl_stale, ...);
/// `detail`, when given, receives a text for the log.
base::Checked<std::vector<Certificate>> verify_path(const TrustAnchor& anchor, const Certificate& leaf,
                                                    std::span<const Certificate> intermediates,
                                                    ChainPurpose purpose, base::WallTime now,
                                                    std::string* detail = nullptr);
/// verify_path() for who needs the verdict only.
base::Checked<void> verify_chain(const TrustAnchor& anchor, const Certificate& leaf,
                                 std::span<const Certificate> intermediates, ChainPurpose purpose,
                                 base::WallTime now, std::string* detail = nullptr);

/// Asks the lists alone, about a path that verify_path() gave: certificate_revoked when the list of its
/// issuer names any of it; under CrlRules::strict crl_stale when such a list is over at `now` or missing.
base::Checked<void> check_revocation(const TrustAnchor& anchor, std::span<const Certificate> path,
                                     base::WallTime now, std::string* detail = nullptr);

/// Who a certificate speaks for.
struct Identity {
  std::string project;
  base::ParticipantType type = base::ParticipantType::client;
  std::string name;
  std::string role;           ///< admin only
  std::string org;            ///< the subject's O; empty when the certificate has none
  bool token_signer = false;  ///< fairlead://PROJECT/token/SERVER
};

/// Exactly one `fairlead://` URI SAN, exact bytes, no percent-decoding; else wrong_identity.
base::Checked<Identity> identity_of(const Certificate& leaf);
/// "fairlead://PROJECT/TYPE/NAME"; for the root of a project: "fairlead://PROJECT".
std::string identity_uri(std::string_view project, base::ParticipantType type, std::string_view name);
std::string token_signer_uri(std::string_view project, std::string_view server);
/// Of the issuing CA that a server has; it speaks for no participant.
std::string issuer_uri(std::string_view project, std::string_view server);
std::string root_uri(std::string_view project);

}  // namespace fairlead::crypto

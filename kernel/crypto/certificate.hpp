/// Certificates: read, described, issued. Who a certificate speaks for is decided in identity.hpp, trust in
/// chain.hpp.
#pragma once
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "crypto/key.hpp"

struct x509_st;

namespace fairlead::crypto {

/// One parsed X.509 certificate, shared cheaply by copies.
class Certificate {
 public:
  static base::Result<Certificate> from_der(base::ByteView der);
  static base::Result<Certificate> from_openssl(x509_st* certificate);  ///< takes a share
  Certificate(const Certificate& other) noexcept;
  Certificate(Certificate&& other) noexcept;
  Certificate& operator=(Certificate other) noexcept;
  ~Certificate();

  const base::Bytes& der() const noexcept { return der_; }
  base::Digest sha256() const;
  /// The serial number without its sign, highest byte first, without leading zeros; what lists revoke by.
  base::Bytes serial() const;
  std::string to_pem() const;
  /// Fails when the key is of a type that is not allowed.
  base::Result<PublicKey> public_key() const;
  /// The single common name; empty when there is none, more than one, or a NUL byte inside.
  std::string common_name() const;
  /// Attribute unstructuredName of the subject (the reference puts an admin's role there); empty when absent.
  std::string unstructured_name() const;
  std::string organization() const;            ///< the single O of the subject; empty when there is none
  std::vector<std::string> uri_names() const;  ///< subjectAltName URIs, exact bytes
  std::vector<std::string> dns_names() const;
  std::vector<std::string> ip_addresses() const;  ///< text form
  base::WallTime not_before() const;
  base::WallTime not_after() const;
  std::string issuer_text() const;   ///< one line, RFC 2253
  std::string subject_text() const;  ///< one line, RFC 2253
  x509_st* openssl() const noexcept { return certificate_; }

 private:
  Certificate(x509_st* certificate, base::Bytes der) noexcept;
  x509_st* certificate_;
  base::Bytes der_;
};

/// All certificates of a PEM text, in order. Fails when there is none, when one does not parse,
/// or when the text holds a private key.
base::Result<std::vector<Certificate>> read_pem_certificates(base::ByteView pem);

/// Extended key usages of our own, under an arc kept for private use.
inline constexpr char kTokenSigningUsage[] = "1.3.6.1.4.1.61616.1.1";
inline constexpr char kAdminUsage[] = "1.3.6.1.4.1.61616.1.2";

/// What a certificate is for; decides key usage, extended key usage and basic constraints.
/// An issuer stands below the root and issues certificates for logins of clients, services and admins.
enum class CertificateUse { root, issuer, server, token_signer, client, service, admin };

/// What to put into a certificate.
struct CertificateProfile {
  CertificateUse use = CertificateUse::client;
  std::string name;  ///< participant; the CN is made from it (64 bytes at most, else shortened)
  std::string uri;   ///< fairlead://PROJECT/...
  std::string org;   ///< subject's O, at most 64 bytes (X.520, ub-organization-name); empty: none
  std::vector<std::string> host_names;  ///< DNS names and IP addresses
  std::string role;                     ///< admin only: unstructuredName
  base::WallTime not_before, not_after;
};

/// Issues a certificate for `subject`. The root signs itself: pass its own key and no issuer certificate.
base::Result<Certificate> issue_certificate(const CertificateProfile& profile, const PublicKey& subject,
                                            const Certificate* issuer, const PrivateKey& issuer_key,
                                            base::Random& random);

/// CN of a name: the name when it has at most 64 bytes, else its first 47 bytes, "-", 16 hex digits of its
/// SHA-256.
std::string common_name_of(std::string_view name);

}  // namespace fairlead::crypto

#include <arpa/inet.h>
#include <openssl/err.h>

#include <algorithm>
#include <initializer_list>

#include "crypto/certificate.hpp"
#include "crypto/digest.hpp"
#include "crypto/openssl.hpp"

namespace fairlead::crypto {
namespace {

using base::ErrorCode;

constexpr size_t kSerialSize = 20;
constexpr size_t kCommonNameLimit = 64;  // RFC 5280, ub-common-name
constexpr int kDigitalSignatureBit = 0, kKeyCertSignBit = 5, kCrlSignBit = 6;

/// 20 random bytes, positive and always of the same length: 158 bits of randomness.
bool set_serial(X509* certificate, base::Random& random) {
  auto bytes = random.bytes<kSerialSize>();
  bytes[0] = static_cast<uint8_t>((bytes[0] & 0x7F) | 0x40);
  const OwnedNumber number(BN_bin2bn(bytes.data(), narrow(bytes.size()), nullptr));
  return number != nullptr && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool add_attribute(X509_NAME* name, int nid, const std::string& value) {
  const base::ByteView bytes = base::as_bytes(value);
  return X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8, bytes.data(), narrow(bytes.size()), -1, 0) == 1;
}

bool set_subject(X509* certificate, const CertificateProfile& profile) {
  X509_NAME* subject = X509_get_subject_name(certificate);
  return add_attribute(subject, NID_commonName, common_name_of(profile.name)) &&
         (profile.org.empty() || add_attribute(subject, NID_organizationName, profile.org)) &&
         (profile.role.empty() || add_attribute(subject, NID_pkcs9_unstructuredName, profile.role));
}

bool set_validity(X509* certificate, const CertificateProfile& profile) {
  const auto seconds = [](base::WallTime time) {
    return std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(time));
  };
  return ASN1_TIME_set(X509_getm_notBefore(certificate), seconds(profile.not_before)) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(certificate), seconds(profile.not_after)) != nullptr;
}

enum class Critical : int { no = 0, yes = 1 };

bool add_extension(X509* certificate, int nid, void* value, Critical critical) {
  return X509_add1_ext_i2d(certificate, nid, value, static_cast<int>(critical), X509V3_ADD_DEFAULT) == 1;
}

bool is_authority(CertificateUse use) noexcept {
  return use == CertificateUse::root || use == CertificateUse::issuer;
}

bool add_constraints(X509* certificate, CertificateUse use) {
  const OwnedConstraints constraints(BASIC_CONSTRAINTS_new());
  if (constraints == nullptr) return false;
  if (is_authority(use)) {
    constraints->ca = 0xFF;
    constraints->pathlen = ASN1_INTEGER_new();
    const int below = use == CertificateUse::root ? 1 : 0;
    if (constraints->pathlen == nullptr || ASN1_INTEGER_set(constraints->pathlen, below) != 1) return false;
  }
  return add_extension(certificate, NID_basic_constraints, constraints.get(), Critical::yes);
}

bool add_key_usage(X509* certificate, CertificateUse use) {
  const OwnedString bits(ASN1_BIT_STRING_new());
  const auto set = [&](int bit) { return ASN1_BIT_STRING_set_bit(bits.get(), bit, 1) == 1; };
  const bool good = bits != nullptr && (is_authority(use) ? set(kKeyCertSignBit) && set(kCrlSignBit)
                                                          : set(kDigitalSignatureBit));
  return good && add_extension(certificate, NID_key_usage, bits.get(), Critical::yes);
}

std::vector<std::string> extended_usages(CertificateUse use) {
  switch (use) {
    case CertificateUse::root:
      return {};
    case CertificateUse::server:
      return {"serverAuth"};
    case CertificateUse::token_signer:
      return {kTokenSigningUsage};
    case CertificateUse::client:
    case CertificateUse::service:
      return {"clientAuth"};
    case CertificateUse::issuer:  // what it issues can be no server and no token signer
    case CertificateUse::admin:
      return {"clientAuth", kAdminUsage};
  }
  return {};
}

bool add_extended_usage(X509* certificate, CertificateUse use) {
  const OwnedUsages usages(EXTENDED_KEY_USAGE_new());
  if (usages == nullptr) return false;
  for (const std::string& usage : extended_usages(use)) {
    OwnedObject object(OBJ_txt2obj(usage.c_str(), 0));
    if (object == nullptr || sk_ASN1_OBJECT_push(usages.get(), object.get()) <= 0) return false;
    static_cast<void>(object.release());  // now part of `usages`
  }
  return sk_ASN1_OBJECT_num(usages.get()) == 0 ||
         add_extension(certificate, NID_ext_key_usage, usages.get(), Critical::no);
}

/// RFC 7093 section 2, method 1.
OwnedString key_identifier(const X509* certificate) {
  base::Digest digest{};
  unsigned int size = 0;
  OwnedString identifier(ASN1_OCTET_STRING_new());
  if (identifier == nullptr || X509_pubkey_digest(certificate, EVP_sha256(), digest.data(), &size) != 1 ||
      ASN1_STRING_set(identifier.get(), digest.data(), 20) != 1)
    return nullptr;
  return identifier;
}

bool add_key_identifiers(X509* certificate, const Certificate* issuer) {
  const OwnedString own = key_identifier(certificate);
  const ASN1_OCTET_STRING* issued_by = own.get();
  if (issuer != nullptr) issued_by = X509_get0_subject_key_id(issuer->openssl());
  if (own == nullptr || !add_extension(certificate, NID_subject_key_identifier, own.get(), Critical::no))
    return false;
  if (issued_by == nullptr) return true;  // a root of the reference without one: nothing to point to
  const OwnedAuthorityKeyId authority(AUTHORITY_KEYID_new());
  if (authority == nullptr) return false;
  authority->keyid = ASN1_OCTET_STRING_dup(issued_by);
  return authority->keyid != nullptr &&
         add_extension(certificate, NID_authority_key_identifier, authority.get(), Critical::no);
}

/// The address in network order, empty when `host` is a DNS name.
base::Bytes ip_address(const std::string& host) {
  base::ByteArray<16> address{};
  if (::inet_pton(AF_INET, host.c_str(), address.data()) == 1) return {address.begin(), address.begin() + 4};
  if (::inet_pton(AF_INET6, host.c_str(), address.data()) == 1) return {address.begin(), address.end()};
  return {};
}

bool add_host(GENERAL_NAMES* names, const std::string& host) {
  const base::Bytes address = ip_address(host);
  return address.empty() ? add_name(names, GEN_DNS, base::as_bytes(host))
                         : add_name(names, GEN_IPADD, address);
}

bool add_alternative_names(X509* certificate, const CertificateProfile& profile) {
  const OwnedNames names(GENERAL_NAMES_new());
  if (names == nullptr) return false;
  if (!profile.uri.empty() && !add_name(names.get(), GEN_URI, base::as_bytes(profile.uri))) return false;
  const auto& hosts = profile.host_names;
  for (auto host = hosts.begin(); host != hosts.end(); ++host)
    if (std::find(hosts.begin(), host, *host) == host && !add_host(names.get(), *host)) return false;
  return sk_GENERAL_NAME_num(names.get()) == 0 ||
         add_extension(certificate, NID_subject_alt_name, names.get(), Critical::no);
}

const EVP_MD* signature_digest(KeyType issuer) noexcept {
  switch (issuer) {
    case KeyType::ed25519:
      return nullptr;
    case KeyType::p384:
      return EVP_sha384();
    default:
      return EVP_sha256();
  }
}

bool set_names(X509* certificate, const CertificateProfile& profile, const Certificate* issuer) {
  if (!set_subject(certificate, profile)) return false;
  const X509* named_by = issuer != nullptr ? issuer->openssl() : certificate;
  return X509_set_issuer_name(certificate, X509_get_subject_name(named_by)) == 1;
}

bool add_extensions(X509* certificate, const CertificateProfile& profile, const Certificate* issuer) {
  return add_constraints(certificate, profile.use) && add_key_usage(certificate, profile.use) &&
         add_extended_usage(certificate, profile.use) && add_key_identifiers(certificate, issuer) &&
         add_alternative_names(certificate, profile);
}

}  // namespace

base::Result<Certificate> issue_certificate(const CertificateProfile& profile, const PublicKey& subject,
                                            const Certificate* issuer, const PrivateKey& issuer_key,
                                            base::Random& random) {
  ERR_clear_error();
  const OwnedX509 made(X509_new());
  const bool good = made != nullptr && X509_set_version(made.get(), X509_VERSION_3) == 1 &&
                    set_serial(made.get(), random) && set_names(made.get(), profile, issuer) &&
                    set_validity(made.get(), profile) &&
                    X509_set_pubkey(made.get(), subject.openssl()) == 1 &&
                    add_extensions(made.get(), profile, issuer) &&
                    X509_sign(made.get(), issuer_key.openssl(), signature_digest(issuer_key.type())) > 0;
  if (!good) return openssl_failure(ErrorCode::failed, "cannot issue a certificate for " + profile.name);
  return Certificate::from_der(to_der(&i2d_X509, made.get()));
}

std::string common_name_of(std::string_view name) {
  if (name.size() <= kCommonNameLimit) return std::string(name);
  const base::Digest digest = sha256({base::as_bytes(name)});
  return std::string(name.substr(0, 47)) + "-" + base::hex(base::ByteView(digest).first(8));
}

}  // namespace fairlead::crypto

#include "crypto/certificate.hpp"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <ctime>

#include "crypto/digest.hpp"
#include "crypto/openssl.hpp"

namespace fairlead::crypto {
namespace {

using base::ErrorCode;

base::ByteView bytes_of(const ASN1_STRING* string) noexcept {
  return {ASN1_STRING_get0_data(string), static_cast<size_t>(ASN1_STRING_length(string))};
}

/// The only value of one attribute of the subject, as UTF-8; empty when that is not what is there.
std::string single_attribute(const X509* certificate, int nid) {
  const X509_NAME* subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, nid, -1);
  if (at < 0 || X509_NAME_get_index_by_NID(subject, nid, at) >= 0) return {};
  uint8_t* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
  const OwnedMemory owner(utf8);
  ERR_clear_error();
  if (size <= 0) return {};
  std::string text = base::to_text({utf8, static_cast<size_t>(size)});
  return text.find('\0') == std::string::npos ? text : std::string{};
}

std::string ip_text(base::ByteView address) {
  char text[INET6_ADDRSTRLEN] = {};
  const int family = address.size() == 4 ? AF_INET : AF_INET6;
  if (address.size() != 4 && address.size() != 16) return {};
  return ::inet_ntop(family, address.data(), text, sizeof text) != nullptr ? text : "";
}

/// subjectAltName entries of one kind, in order.
std::vector<std::string> alternative_names(const X509* certificate, int kind) {
  std::vector<std::string> found;
  const OwnedNames names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  ERR_clear_error();
  for (int i = 0; names != nullptr && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    int type = -1;
    const void* value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &type);
    if (type != kind) continue;
    const base::ByteView bytes = bytes_of(static_cast<const ASN1_STRING*>(value));
    found.push_back(kind == GEN_IPADD ? ip_text(bytes) : base::to_text(bytes));
  }
  return found;
}

base::WallTime to_wall(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return base::WallTime(std::chrono::seconds(::timegm(&parts)));
}

std::string one_line(const X509_NAME* name) {
  const OwnedBio bio(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253);
  return base::to_text(written(bio.get()));
}

}  // namespace

Certificate::Certificate(x509_st* certificate, base::Bytes der) noexcept
    : certificate_(certificate), der_(std::move(der)) {}
Certificate::Certificate(const Certificate& other) noexcept
    : certificate_(other.certificate_), der_(other.der_) {
  if (certificate_ != nullptr) X509_up_ref(certificate_);
}
Certificate::Certificate(Certificate&& other) noexcept
    : certificate_(std::exchange(other.certificate_, nullptr)), der_(std::move(other.der_)) {}
Certificate& Certificate::operator=(Certificate other) noexcept {
  std::swap(certificate_, other.certificate_);
  std::swap(der_, other.der_);
  return *this;
}
Certificate::~Certificate() { X509_free(certificate_); }

base::Result<Certificate> Certificate::from_openssl(x509_st* certificate) {
  ERR_clear_error();
  base::Bytes der = certificate != nullptr ? to_der(&i2d_X509, certificate) : base::Bytes{};
  if (der.empty()) return openssl_failure(ErrorCode::failed, "cannot encode a certificate");
  X509_up_ref(certificate);
  return Certificate(certificate, std::move(der));
}

base::Result<Certificate> Certificate::from_der(base::ByteView der) {
  ERR_clear_error();
  const uint8_t* at = der.data();
  const OwnedX509 parsed(d2i_X509(nullptr, &at, narrow(der.size())));
  if (parsed == nullptr) return openssl_failure(ErrorCode::failed, "cannot read a certificate");
  FAIRLEAD_TRY(Certificate result, from_openssl(parsed.get()));
  // Certificates are compared and hashed as bytes: trailing bytes and other spellings of the same are
  // refused.
  if (!base::equal(result.der_, der))
    return base::fail(ErrorCode::failed, "the certificate is not in its DER form");
  return result;
}

base::Digest Certificate::sha256() const { return crypto::sha256({der_}); }

std::string Certificate::to_pem() const {
  const OwnedBio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), certificate_);
  return base::to_text(written(bio.get()));
}

base::Result<PublicKey> Certificate::public_key() const {
  return PublicKey::from_openssl(X509_get0_pubkey(certificate_));
}

std::string Certificate::common_name() const { return single_attribute(certificate_, NID_commonName); }
base::Bytes Certificate::serial() const {
  const OwnedNumber number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate_), nullptr));
  if (number == nullptr) return {};
  base::Bytes bytes(static_cast<size_t>(BN_num_bytes(number.get())));
  BN_bn2bin(number.get(), bytes.data());
  return bytes;
}
std::string Certificate::unstructured_name() const {
  return single_attribute(certificate_, NID_pkcs9_unstructuredName);
}
std::string Certificate::organization() const { return single_attribute(certificate_, NID_organizationName); }
std::vector<std::string> Certificate::uri_names() const { return alternative_names(certificate_, GEN_URI); }
std::vector<std::string> Certificate::dns_names() const { return alternative_names(certificate_, GEN_DNS); }
std::vector<std::string> Certificate::ip_addresses() const {
  return alternative_names(certificate_, GEN_IPADD);
}
base::WallTime Certificate::not_before() const { return to_wall(X509_get0_notBefore(certificate_)); }
base::WallTime Certificate::not_after() const { return to_wall(X509_get0_notAfter(certificate_)); }
std::string Certificate::issuer_text() const { return one_line(X509_get_issuer_name(certificate_)); }
std::string Certificate::subject_text() const { return one_line(X509_get_subject_name(certificate_)); }

}  // namespace fairlead::crypto

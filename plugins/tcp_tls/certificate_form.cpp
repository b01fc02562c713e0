#include "certificate_form.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "openssl.hpp"

namespace tcp_tls {
namespace {

using OwnedNumber = OwnedBy<BIGNUM, &BN_free>;

constexpr int kMostSerialBits = 159;  // 20 bytes in DER, of which the first bit is the sign

bool is_good_serial(const ASN1_INTEGER* serial) {
  const OwnedNumber number(ASN1_INTEGER_to_BN(serial, nullptr));
  return number && BN_is_negative(number.get()) == 0 && BN_is_zero(number.get()) == 0 &&
         BN_num_bits(number.get()) <= kMostSerialBits;
}

/// Curves that are spelled out (CVE-2020-0601) have not come so far: path validation takes named ones only.
bool is_allowed_curve(const EVP_PKEY* key) {
  std::array<char, 64> text{};
  size_t size = 0;
  if (EVP_PKEY_get_group_name(key, text.data(), text.size(), &size) != 1) return false;
  const std::string_view name(text.data(), size);
  return name == SN_X9_62_prime256v1 || name == SN_secp384r1;
}

/// An exponent that is neither weak nor made to keep the verifier busy.
bool is_allowed_rsa(const EVP_PKEY* key) {
  const int bits = EVP_PKEY_get_bits(key);
  BIGNUM* raw = nullptr;
  if (bits < 2048 || bits > 4096 || EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &raw) != 1)
    return false;
  const OwnedNumber exponent(raw);
  return BN_is_odd(exponent.get()) == 1 && BN_num_bits(exponent.get()) >= 17 &&
         BN_num_bits(exponent.get()) <= 64;
}

bool is_allowed(const EVP_PKEY* key) {
  switch (key == nullptr ? EVP_PKEY_NONE : EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_EC:
      return is_allowed_curve(key);
    case EVP_PKEY_ED25519:
      return true;
    case EVP_PKEY_RSA:
      return is_allowed_rsa(key);
    default:
      return false;
  }
}

const char* fault_of(const X509* certificate) {
  if (X509_get_version(certificate) != X509_VERSION_3) return "is not of version 3";
  if (!is_good_serial(X509_get0_serialNumber(certificate)))
    return "has a serial number that is not positive, or has more than 20 bytes";
  if (!is_allowed(X509_get0_pubkey(certificate)))
    return "has a key that is not allowed; expected P-256, P-384, Ed25519 or RSA of 2048 to 4096 bits";
  return nullptr;
}

}  // namespace

Fault find_fault(const STACK_OF(X509) * path) {
  const int judged = std::max(1, sk_X509_num(path) - 1);
  for (int i = 0; i < judged; ++i) {
    X509* certificate = sk_X509_value(path, i);
    if (const char* what = fault_of(certificate); what != nullptr) return {certificate, what};
  }
  return {};
}

}  // namespace tcp_tls

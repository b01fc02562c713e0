#include "crypto/key.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#include <optional>

#include "crypto/digest.hpp"
#include "crypto/openssl.hpp"

namespace fairlead::crypto {
namespace {

using base::ErrorCode;

constexpr int kPssSalt = 32;

std::optional<KeyType> curve_of(const EVP_PKEY* key) {
  int explicit_parameters = 0;
  EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &explicit_parameters);
  if (explicit_parameters != 0)
    return std::nullopt;  // CVE-2020-0601: a curve is what its name says, nothing else
  std::string text(64, '\0');
  size_t size = 0;
  if (EVP_PKEY_get_group_name(key, text.data(), text.size(), &size) != 1) return std::nullopt;
  text.resize(size);
  if (text == SN_X9_62_prime256v1) return KeyType::p256;
  if (text == SN_secp384r1) return KeyType::p384;
  return std::nullopt;
}

/// 2048 to 4096 bits and an exponent that is neither weak nor made to keep the verifier busy.
bool is_allowed_rsa(const EVP_PKEY* key) {
  const int bits = EVP_PKEY_get_bits(key);
  if (bits < 2048 || bits > 4096) return false;
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &raw) != 1) return false;
  const OwnedNumber exponent(raw);
  return BN_is_odd(exponent.get()) == 1 && BN_num_bits(exponent.get()) >= 17 &&
         BN_num_bits(exponent.get()) <= 64;
}

std::optional<KeyType> allowed_type(const EVP_PKEY* key) {
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_EC:
      return curve_of(key);
    case EVP_PKEY_ED25519:
      return KeyType::ed25519;
    case EVP_PKEY_RSA:
      return is_allowed_rsa(key) ? std::optional(KeyType::rsa) : std::nullopt;
    default:
      return std::nullopt;
  }
}

/// RFC 8446 section 4.4.3: the padding keeps these bytes apart from anything else that such a key may sign.
base::Bytes to_be_signed(std::string_view label, base::ByteView content) {
  base::Bytes out(64, 0x20);
  base::append(out, base::as_bytes(label));
  out.push_back(0);
  base::append(out, sha256({content}));
  return out;
}

const EVP_MD* digest_for(KeyType type) noexcept {
  switch (type) {
    case KeyType::ed25519:
      return nullptr;
    case KeyType::p384:
      return EVP_sha384();
    default:
      return EVP_sha256();
  }
}

/// `context` is owned by the digest context; null for nothing to set.
bool set_padding(KeyType type, EVP_PKEY_CTX* context) {
  if (type != KeyType::rsa) return true;
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, kPssSalt) == 1 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) == 1;
}

bool verifies(EVP_PKEY* key, KeyType type, base::ByteView message, base::ByteView signature) {
  const OwnedMdContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* options = nullptr;
  const bool good = context != nullptr &&
                    EVP_DigestVerifyInit(context.get(), &options, digest_for(type), nullptr, key) == 1 &&
                    set_padding(type, options) &&
                    EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                                     message.size()) == 1;
  ERR_clear_error();
  return good;
}

EVP_PKEY* generate_key(KeyType type) {
  switch (type) {
    case KeyType::p256:
      return EVP_EC_gen("P-256");
    case KeyType::p384:
      return EVP_EC_gen("P-384");
    case KeyType::ed25519:
      return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    case KeyType::rsa:
      return EVP_RSA_gen(3072);
  }
  return nullptr;
}

}  // namespace

const char* name(KeyType type) noexcept {
  switch (type) {
    case KeyType::p256:
      return "p256";
    case KeyType::p384:
      return "p384";
    case KeyType::ed25519:
      return "ed25519";
    case KeyType::rsa:
      return "rsa";
  }
  return "rsa";
}

PublicKey::PublicKey(evp_pkey_st* key, KeyType type, base::Bytes spki) noexcept
    : key_(key), type_(type), spki_(std::move(spki)) {}
PublicKey::PublicKey(const PublicKey& other) noexcept
    : key_(other.key_), type_(other.type_), spki_(other.spki_) {
  if (key_ != nullptr) EVP_PKEY_up_ref(key_);
}
PublicKey::PublicKey(PublicKey&& other) noexcept
    : key_(std::exchange(other.key_, nullptr)), type_(other.type_), spki_(std::move(other.spki_)) {}
PublicKey& PublicKey::operator=(PublicKey other) noexcept {
  std::swap(key_, other.key_);
  std::swap(type_, other.type_);
  std::swap(spki_, other.spki_);
  return *this;
}
PublicKey::~PublicKey() { EVP_PKEY_free(key_); }

base::Result<PublicKey> PublicKey::from_openssl(evp_pkey_st* key) {
  const auto type = key != nullptr ? allowed_type(key) : std::nullopt;
  base::Bytes spki = type ? to_der(&i2d_PUBKEY, key) : base::Bytes{};
  ERR_clear_error();
  if (spki.empty())
    return base::fail(ErrorCode::bad_configuration, "the key is of a type that is not allowed",
                      "use P-256, P-384, Ed25519 or RSA with 2048 to 4096 bits");
  EVP_PKEY_up_ref(key);
  return PublicKey(key, *type, std::move(spki));
}

base::Result<PublicKey> PublicKey::from_spki(base::ByteView der) {
  ERR_clear_error();
  const uint8_t* at = der.data();
  const OwnedPkey key(d2i_PUBKEY(nullptr, &at, narrow(der.size())));
  if (key == nullptr) return openssl_failure(ErrorCode::failed, "cannot read a public key");
  FAIRLEAD_TRY(PublicKey result, from_openssl(key.get()));
  // The key id is a hash of these bytes: one key must have one encoding.
  if (!base::equal(result.spki_, der))
    return base::fail(ErrorCode::failed, "the public key is not in its DER form");
  return result;
}

KeyId PublicKey::key_id() const {
  const base::Digest digest = sha256({spki_});
  KeyId id;
  base::copy(base::ByteView(digest).first(id.size()), id);
  return id;
}

bool PublicKey::verify(std::string_view label, base::ByteView content, base::ByteView signature) const {
  return verifies(key_, type_, to_be_signed(label, content), signature);
}

base::Result<PrivateKey> PrivateKey::generate(KeyType type) {
  ERR_clear_error();
  const OwnedPkey key(generate_key(type));
  if (key == nullptr) return openssl_failure(ErrorCode::failed, "cannot make a key");
  FAIRLEAD_TRY(PublicKey whole, PublicKey::from_openssl(key.get()));
  return PrivateKey(std::move(whole));
}

PrivateKey::PrivateKey(PrivateKey&& other) noexcept = default;
PrivateKey& PrivateKey::operator=(PrivateKey&& other) noexcept = default;
PrivateKey::~PrivateKey() = default;

base::Result<base::Bytes> PrivateKey::sign(std::string_view label, base::ByteView content) const {
  ERR_clear_error();
  const base::Bytes message = to_be_signed(label, content);
  const OwnedMdContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* options = nullptr;
  base::Bytes signature(static_cast<size_t>(EVP_PKEY_get_size(openssl())));
  size_t size = signature.size();
  // OpenSSL 3.0 calls it a success when it has no memory for the DER of an ECDSA signature: the size tells.
  const bool good =
      context != nullptr &&
      EVP_DigestSignInit(context.get(), &options, digest_for(type()), nullptr, openssl()) == 1 &&
      set_padding(type(), options) &&
      EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) == 1 &&
      size <= signature.size();
  if (!good) return openssl_failure(ErrorCode::failed, "cannot sign");
  signature.resize(size);
  // OpenSSL 3.0 may make a wrong RSA signature when memory runs out, and one of those can give the key away
  // (Boneh, DeMillo and Lipton). To verify it costs a small part of signing.
  if (type() == KeyType::rsa && !verifies(openssl(), type(), message, signature))
    return base::fail(ErrorCode::failed, "cannot sign: the library made a wrong signature");
  return signature;
}

}  // namespace fairlead::crypto

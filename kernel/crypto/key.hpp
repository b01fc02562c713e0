/// Private and public keys, and the one way in which Fairlead signs.
/// Signed content: 64 x 0x20 || label || 0x00 || SHA-256(content), the shape of RFC 8446 section 4.4.3.
/// ECDSA P-256/SHA-256 and P-384/SHA-384 in DER, Ed25519 raw, RSA-PSS SHA-256 with salt 32 and MGF1-SHA-256.
#pragma once
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

struct evp_pkey_st;

namespace fairlead::crypto {

enum class KeyType { p256, p384, ed25519, rsa };
const char* name(KeyType type) noexcept;

/// First 8 bytes of SHA-256 of the SubjectPublicKeyInfo.
using KeyId = base::ByteArray<8>;

/// A public key of an allowed type: P-256, P-384, Ed25519, RSA 2048 to 4096 bits.
class PublicKey {
 public:
  static base::Result<PublicKey> from_spki(base::ByteView der);
  /// Takes a share of an OpenSSL key; refuses key types that are not allowed.
  static base::Result<PublicKey> from_openssl(evp_pkey_st* key);
  PublicKey(const PublicKey& other) noexcept;
  PublicKey(PublicKey&& other) noexcept;
  PublicKey& operator=(PublicKey other) noexcept;
  ~PublicKey();

  KeyType type() const noexcept { return type_; }
  /// SubjectPublicKeyInfo, DER.
  const base::Bytes& spki() const noexcept { return spki_; }
  KeyId key_id() const;
  /// Does `signature` sign `content` for `label` ("FAIRLEAD1 token", ...)? The algorithm follows from the key
  /// alone.
  bool verify(std::string_view label, base::ByteView content, base::ByteView signature) const;
  evp_pkey_st* openssl() const noexcept { return key_; }

 private:
  PublicKey(evp_pkey_st* key, KeyType type, base::Bytes spki) noexcept;
  evp_pkey_st* key_;
  KeyType type_;
  base::Bytes spki_;
};

/// A private key; its bytes leave only through to_pem().
class PrivateKey {
 public:
  /// rsa makes 3072 bits.
  static base::Result<PrivateKey> generate(KeyType type);
  /// PKCS#8 (plain or encrypted), PKCS#1 and SEC1. `passphrase` is used when the PEM is encrypted.
  static base::Result<PrivateKey> from_pem(base::ByteView pem, base::ByteView passphrase = {});
  PrivateKey(PrivateKey&& other) noexcept;
  PrivateKey& operator=(PrivateKey&& other) noexcept;
  ~PrivateKey();

  KeyType type() const noexcept { return public_.type(); }
  const PublicKey& public_key() const noexcept { return public_; }
  base::Result<base::Bytes> sign(std::string_view label, base::ByteView content) const;
  /// PKCS#8 PEM; with a passphrase encrypted with AES-256-CBC and PBKDF2 (PBES2).
  base::Result<base::Secret> to_pem(base::ByteView passphrase = {}) const;
  evp_pkey_st* openssl() const noexcept { return public_.openssl(); }

 private:
  explicit PrivateKey(PublicKey whole) noexcept : public_(std::move(whole)) {}
  PublicKey public_;  // the EVP_PKEY holds both halves
};

}  // namespace fairlead::crypto

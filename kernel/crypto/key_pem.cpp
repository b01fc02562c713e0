/// Private keys as PEM text. Keys are read without ever asking on a terminal and leave no copy behind:
/// the library's own PEM buffers are wiped by BUF_MEM_free and OPENSSL_clear_free.
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include "crypto/key.hpp"
#include "crypto/openssl.hpp"

namespace fairlead::crypto {
namespace {

using base::ErrorCode;

/// Slows down guessing a passphrase: OWASP's figure for PBKDF2 with HMAC-SHA256, about a quarter of a second.
constexpr int kPbkdf2Rounds = 600'000;
constexpr int kSaltSize = 16;

/// What the library asks for when a PEM turns out to be encrypted.
struct Passphrase {
  base::ByteView bytes;
  bool asked = false;
};

/// pem_password_cb. Without it the library would prompt on the terminal.
int give_passphrase(char* buffer, int size, int /*writing*/, void* user) {
  auto& passphrase = *static_cast<Passphrase*>(user);
  passphrase.asked = true;
  if (passphrase.bytes.empty() || passphrase.bytes.size() > static_cast<size_t>(size)) return -1;
  base::as_text(passphrase.bytes).copy(buffer, passphrase.bytes.size());
  return static_cast<int>(passphrase.bytes.size());
}

tl::unexpected<base::Error> unreadable(const Passphrase& passphrase) {
  auto failure = openssl_failure(ErrorCode::bad_configuration, "cannot read the private key");
  if (!passphrase.asked) return failure;
  const bool missing = passphrase.bytes.empty();
  failure.value().text = missing ? "the private key is encrypted and no passphrase was given"
                                 : "the private key cannot be decrypted with this passphrase";
  failure.value().reason = missing ? "passphrase_missing" : "wrong_passphrase";
  return failure;
}

/// PBES2 with a fresh salt and IV.
OwnedEncryptedKey encrypt(PKCS8_PRIV_KEY_INFO* plain, base::ByteView passphrase) {
  OwnedAlgorithm algorithm(
      PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), kPbkdf2Rounds, nullptr, kSaltSize, nullptr, NID_hmacWithSHA256));
  if (algorithm == nullptr) return nullptr;
  const std::string_view text = base::as_text(passphrase);
  OwnedEncryptedKey encrypted(PKCS8_set0_pbe(text.data(), narrow(text.size()), plain, algorithm.get()));
  if (encrypted != nullptr) static_cast<void>(algorithm.release());  // now part of `encrypted`
  return encrypted;
}

bool write_pem(BIO* out, PKCS8_PRIV_KEY_INFO* plain, base::ByteView passphrase) {
  if (passphrase.empty()) return PEM_write_bio_PKCS8_PRIV_KEY_INFO(out, plain) == 1;
  const OwnedEncryptedKey encrypted = encrypt(plain, passphrase);
  return encrypted != nullptr && PEM_write_bio_PKCS8(out, encrypted.get()) == 1;
}

}  // namespace

base::Result<PrivateKey> PrivateKey::from_pem(base::ByteView pem, base::ByteView passphrase) {
  ERR_clear_error();
  const OwnedBio bio = reading(pem);
  Passphrase given{passphrase};
  const OwnedPkey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, &give_passphrase, &given));
  if (key == nullptr) return unreadable(given);
  FAIRLEAD_TRY(PublicKey whole, PublicKey::from_openssl(key.get()));
  return PrivateKey(std::move(whole));
}

base::Result<base::Secret> PrivateKey::to_pem(base::ByteView passphrase) const {
  ERR_clear_error();
  const OwnedPkcs8 plain(EVP_PKEY2PKCS8(openssl()));
  const OwnedBio bio(BIO_new(BIO_s_mem()));
  if (plain == nullptr || !write_pem(bio.get(), plain.get(), passphrase))
    return openssl_failure(ErrorCode::failed, "cannot write the private key");
  return base::Secret(written(bio.get()));
}

}  // namespace fairlead::crypto

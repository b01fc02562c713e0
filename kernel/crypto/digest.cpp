#include "crypto/digest.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>

#include "base/assert.hpp"
#include "crypto/openssl.hpp"

namespace fairlead::crypto {
namespace {

constexpr size_t kHashSize = 32;
constexpr char kSha256[] = "SHA256";

/// One step of HKDF. `with` is the salt or the info. Only a broken installation can make this fail.
base::Secret hkdf(int mode, base::ByteView key, const char* with_name, base::ByteView with, size_t size) {
  const OwnedKdf kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  const OwnedKdfContext context(EVP_KDF_CTX_new(kdf.get()));
  // OSSL_PARAM is not const-correct; the library only reads through it here.
  std::string digest = kSha256;
  base::Secret key_copy(key);
  base::Bytes with_copy = base::to_bytes(with);
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), digest.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, key_copy.expose_mutable().data(),
                                        key_copy.size()),
      OSSL_PARAM_construct_octet_string(with_name, with_copy.data(), with_copy.size()),
      OSSL_PARAM_construct_end(),
  };
  base::Secret out(size);
  FAIRLEAD_ASSERT(context != nullptr);
  FAIRLEAD_ASSERT(EVP_KDF_derive(context.get(), out.expose_mutable().data(), size, parameters) == 1);
  return out;
}

}  // namespace

base::Digest sha256(std::initializer_list<base::ByteView> parts) {
  // The static EVP_sha256() with a context of its own: measured at 0.6 us, against 0.7 us for EVP_Q_digest.
  const OwnedMdContext context(EVP_MD_CTX_new());
  base::Digest digest{};
  bool good = context != nullptr && EVP_DigestInit_ex2(context.get(), EVP_sha256(), nullptr) == 1;
  for (const base::ByteView part : parts)
    good = good && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
  FAIRLEAD_ASSERT(good && EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1);
  return digest;
}

struct Sha256Stream::State {
  OwnedDigest algorithm{EVP_MD_fetch(nullptr, kSha256, nullptr)};
  OwnedMdContext running{EVP_MD_CTX_new()};
};

Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) {
  FAIRLEAD_ASSERT(state_->running != nullptr &&
                  EVP_DigestInit_ex2(state_->running.get(), state_->algorithm.get(), nullptr) == 1);
}
Sha256Stream::~Sha256Stream() = default;
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;

void Sha256Stream::update(base::ByteView part) {
  FAIRLEAD_ASSERT(EVP_DigestUpdate(state_->running.get(), part.data(), part.size()) == 1);
}

base::Digest Sha256Stream::digest() const {
  const OwnedMdContext copy(EVP_MD_CTX_new());
  base::Digest digest{};
  FAIRLEAD_ASSERT(copy != nullptr && EVP_MD_CTX_copy_ex(copy.get(), state_->running.get()) == 1);
  FAIRLEAD_ASSERT(EVP_DigestFinal_ex(copy.get(), digest.data(), nullptr) == 1);
  return digest;
}

base::Secret hkdf_extract(base::ByteView salt, base::ByteView input_key) {
  const base::ByteArray<kHashSize> zeros{};  // what RFC 5869 section 2.2 says an absent salt is
  return hkdf(EVP_KDF_HKDF_MODE_EXTRACT_ONLY, input_key, OSSL_KDF_PARAM_SALT,
              salt.empty() ? base::ByteView(zeros) : salt, kHashSize);
}

base::Secret hkdf_expand(base::ByteView pseudorandom_key, base::ByteView info, size_t size) {
  FAIRLEAD_ASSERT(size > 0 && size <= 255 * kHashSize);
  return hkdf(EVP_KDF_HKDF_MODE_EXPAND_ONLY, pseudorandom_key, OSSL_KDF_PARAM_INFO, info, size);
}

bool constant_time_equal(base::ByteView a, base::ByteView b) noexcept {
  return a.size() == b.size() && (a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0);
}

}  // namespace fairlead::crypto

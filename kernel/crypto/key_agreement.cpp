#include "crypto/key_agreement.hpp"

#include <openssl/err.h>

#include <utility>

#include "base/assert.hpp"
#include "crypto/digest.hpp"
#include "crypto/openssl.hpp"

namespace fairlead::crypto {
namespace {

constexpr base::ByteArray<32> kZero{};

}  // namespace

EphemeralKey::EphemeralKey(EphemeralKey&& other) noexcept : key_(std::exchange(other.key_, nullptr)) {}
EphemeralKey& EphemeralKey::operator=(EphemeralKey&& other) noexcept {
  std::swap(key_, other.key_);
  return *this;
}
EphemeralKey::~EphemeralKey() { EVP_PKEY_free(key_); }

base::Result<EphemeralKey> EphemeralKey::generate() {
  ERR_clear_error();
  OwnedPkey key(EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519"));
  if (key == nullptr) return openssl_failure(base::ErrorCode::internal, "cannot make an X25519 key");
  return EphemeralKey(key.release());
}

X25519Public EphemeralKey::public_bytes() const {
  X25519Public out{};
  size_t size = out.size();
  FAIRLEAD_ASSERT(EVP_PKEY_get_raw_public_key(key_, out.data(), &size) == 1 && size == out.size());
  return out;
}

std::optional<base::Secret> EphemeralKey::agree(const X25519Public& peer) const {
  const OwnedPkey theirs(
      EVP_PKEY_new_raw_public_key_ex(nullptr, "X25519", nullptr, peer.data(), peer.size()));
  const OwnedPkeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key_, nullptr));
  base::Secret shared(kZero.size());
  size_t size = shared.size();
  const bool derived = theirs != nullptr && EVP_PKEY_derive_init(context.get()) == 1 &&
                       EVP_PKEY_derive_set_peer(context.get(), theirs.get()) == 1 &&
                       EVP_PKEY_derive(context.get(), shared.expose_mutable().data(), &size) == 1;
  ERR_clear_error();
  // OpenSSL 3.0 refuses the all-zero result by itself; this must not depend on its version.
  if (!derived || size != kZero.size() || constant_time_equal(shared.expose(), kZero)) return std::nullopt;
  return shared;
}

}  // namespace fairlead::crypto

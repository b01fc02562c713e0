/// X25519 (RFC 7748): one fresh key for one agreement. Used by the renewal of a session.
#pragma once
#include <optional>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

struct evp_pkey_st;

namespace fairlead::crypto {

using X25519Public = base::ByteArray<32>;

/// A private key that exists for one agreement and is never written anywhere. Thread rule: one thread at a
/// time.
class EphemeralKey {
 public:
  /// ErrorCode::internal when the library has no randomness.
  static base::Result<EphemeralKey> generate();
  EphemeralKey(EphemeralKey&& other) noexcept;
  EphemeralKey& operator=(EphemeralKey&& other) noexcept;
  ~EphemeralKey();

  X25519Public public_bytes() const;
  /// The shared secret, 32 bytes. Nothing for a point of small order: the all-zero result of RFC 7748 section
  /// 6.1 says nothing about either key.
  std::optional<base::Secret> agree(const X25519Public& peer) const;

 private:
  explicit EphemeralKey(evp_pkey_st* key) noexcept : key_(key) {}
  evp_pkey_st* key_;
};

}  // namespace fairlead::crypto

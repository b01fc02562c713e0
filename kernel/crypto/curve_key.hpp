/// CURVE keys: X25519 pairs that outlive a process, as 32 raw bytes each, and the root's word on whose they
/// are. Made by provision, read by kit.
#pragma once
#include <string>

#include "base/clock.hpp"
#include "base/refusal.hpp"
#include "crypto/key.hpp"
#include "crypto/key_agreement.hpp"

namespace fairlead::crypto {

struct CurvePair {
  base::Secret secret;  ///< 32 bytes
  X25519Public public_key{};
};
/// ErrorCode::internal when the library has no randomness.
base::Result<CurvePair> make_curve_pair();
/// The public key of a secret one; bad_configuration unless it has 32 bytes.
base::Result<X25519Public> curve_public_of(base::ByteView secret);

/// Whose key it is.
struct CurveStatement {
  std::string project, name;
  X25519Public key{};
  base::WallTime from{}, until{};
};
inline constexpr size_t kMaxCurveStatement = 2048;  ///< bytes, with its signature

/// Statement and signature, as they lie in a file. ErrorCode::internal when the key does not do its work.
base::Result<base::Bytes> sign_curve_statement(const CurveStatement& statement, const PrivateKey& root);
/// malformed; bad_chain unless `root` signed it; not_yet_valid and certificate_expired by `now`.
base::Checked<CurveStatement> verify_curve_statement(base::ByteView file, const PublicKey& root,
                                                     base::WallTime now);

}  // namespace fairlead::crypto

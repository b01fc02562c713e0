/// Delegation: what a site signs so that a third party may speak as one of its endpoints, under a key of its
/// own, about some topics, for a while. Written by kit, carried by logins, judged by auth.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/refusal.hpp"
#include "crypto/key.hpp"

namespace fairlead::crypto {

/// No algorithm stands in it: the site's key, which `kid` names, decides that.
struct Delegation {
  KeyId kid{};  ///< of the site's key
  base::WallTime issued{}, expires{};
  base::Digest audience{};          ///< of the project, its server and its root
  std::string endpoint;             ///< that the holder logs in as
  base::Bytes spki;                 ///< SubjectPublicKeyInfo of the holder's key, DER
  std::vector<std::string> topics;  ///< that it may send; one may end in `*`, which then stands for any rest
};

/// A delegation as it travels.
struct SignedDelegation {
  base::Bytes delegation, signature;
};

inline constexpr std::chrono::hours kLongestDelegation{24};
inline constexpr size_t kMaxDelegation = 4096;  ///< bytes
inline constexpr size_t kMaxDelegatedTopics = 32;

base::Bytes encode(const Delegation& delegation);
/// malformed unless every byte is as encode() would have written it: times in order, an endpoint, 1 to 32
/// topics in strictly ascending order, each one that is_delegable().
base::Checked<Delegation> decode_delegation(base::ByteView bytes);
/// 1 to 255 bytes without control characters, not `*` alone, and no topic of administration.
bool is_delegable(std::string_view topic) noexcept;

/// Fills in the key id and signs. ErrorCode::internal when the key does not do its work, bad_arguments when
/// decode_delegation() would not take it.
base::Result<SignedDelegation> sign_delegation(Delegation delegation, const PrivateKey& site);
/// malformed; bad_chain unless `site` has the delegation's kid and made the signature.
base::Checked<Delegation> verify_delegation(const SignedDelegation& made, const PublicKey& site);

}  // namespace fairlead::crypto

// F4: tokens and delegations. What is decoded has one encoding, and only what was signed verifies.
#include "auth/token.hpp"
#include "base/assert.hpp"
#include "crypto/delegation.hpp"
#include "fuzz/input.hpp"

namespace fairlead::fuzz {
namespace {

constexpr std::string_view kLabel = "FAIRLEAD1 token";

/// The key of RFC 8032, section 7.1, test 1: what tests/vectors/token.json is signed with.
constexpr uint8_t kSpki[] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21,
                             0x00, 0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b,
                             0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e, 0xe1, 0x72, 0xf3, 0xda,
                             0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a};

const crypto::PublicKey& key() {
  static const crypto::PublicKey only = [] {
    auto read = crypto::PublicKey::from_spki(kSpki);
    FAIRLEAD_ASSERT(read.has_value());
    return std::move(*read);
  }();
  return only;
}

void check(base::ByteView token, base::ByteView signature) {
  const auto decoded = auth::decode_token(token);
  const auto verified = auth::verify_token(token, signature, std::span(&key(), 1));
  if (!decoded) {
    FAIRLEAD_ASSERT(!verified);
    return;
  }
  FAIRLEAD_ASSERT(base::equal(auth::encode(*decoded), token));
  FAIRLEAD_ASSERT(decoded->issued < decoded->expires);
  if (verified) FAIRLEAD_ASSERT(key().key_id() == decoded->kid && key().verify(kLabel, token, signature));
}

void check_delegation(base::ByteView delegation, base::ByteView signature) {
  const auto decoded = crypto::decode_delegation(delegation);
  const auto verified =
      crypto::verify_delegation({base::to_bytes(delegation), base::to_bytes(signature)}, key());
  if (!decoded) {
    FAIRLEAD_ASSERT(!verified);
    return;
  }
  FAIRLEAD_ASSERT(base::equal(crypto::encode(*decoded), delegation));
  FAIRLEAD_ASSERT(!decoded->topics.empty() && decoded->topics.size() <= crypto::kMaxDelegatedTopics);
  if (verified) FAIRLEAD_ASSERT(key().key_id() == decoded->kid);
}

}  // namespace
}  // namespace fairlead::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fairlead::fuzz::Input input(data, size);
  const fairlead::base::ByteView signature = input.piece();
  fairlead::fuzz::check(input.rest(), signature);
  fairlead::fuzz::check_delegation(input.rest(), signature);
  return 0;
}

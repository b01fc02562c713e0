#include "crypto/key_agreement.hpp"

#include <gtest/gtest.h>

namespace fairlead::crypto {
namespace {

EphemeralKey new_key() {
  auto key = EphemeralKey::generate();
  EXPECT_TRUE(key.has_value());
  return std::move(*key);
}

TEST(EphemeralKey, BothEndsAgree) {
  const EphemeralKey ours = new_key(), theirs = new_key();

  const auto here = ours.agree(theirs.public_bytes()), there = theirs.agree(ours.public_bytes());

  ASSERT_TRUE(here && there);
  EXPECT_EQ(here->size(), 32u);
  EXPECT_TRUE(base::equal(here->expose(), there->expose()));
}

TEST(EphemeralKey, IsAnotherEachTime) {
  const EphemeralKey one = new_key(), other = new_key(), peer = new_key();

  EXPECT_NE(one.public_bytes(), other.public_bytes());
  EXPECT_FALSE(
      base::equal(one.agree(peer.public_bytes())->expose(), other.agree(peer.public_bytes())->expose()));
}

/// RFC 7748 section 6.1; the list is the one of Bernstein's Curve25519 page.
TEST(EphemeralKey, RefusesPointsOfSmallOrder) {
  const char* points[] = {"0000000000000000000000000000000000000000000000000000000000000000",
                          "0100000000000000000000000000000000000000000000000000000000000000",
                          "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                          "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                          "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                          "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"};
  const EphemeralKey key = new_key();
  for (const char* point : points) {
    X25519Public bytes{};
    base::copy(*base::from_hex(point), bytes);
    EXPECT_FALSE(key.agree(bytes)) << point;
  }
}

TEST(EphemeralKey, CanBeMoved) {
  EphemeralKey key = new_key(), other = new_key();
  const X25519Public first = key.public_bytes(), second = other.public_bytes();

  key = std::move(other);

  EXPECT_EQ(key.public_bytes(), second);
  EXPECT_NE(first, second);
}

}  // namespace
}  // namespace fairlead::crypto

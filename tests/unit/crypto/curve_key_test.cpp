#include "crypto/curve_key.hpp"

#include <gtest/gtest.h>

namespace fairlead::crypto {
namespace {

using base::Refusal;
using std::chrono::hours;

constexpr base::WallTime kNow{std::chrono::milliseconds(1'700'000'000'000)};

class Statement : public testing::Test {
 protected:
  Statement() {
    statement_.project = "works";
    statement_.name = "site-1";
    statement_.key = make_curve_pair()->public_key;
    statement_.from = kNow;
    statement_.until = kNow + hours(1);
  }
  base::Bytes file() const { return sign_curve_statement(statement_, root_).value(); }
  Refusal refusal(base::ByteView file, base::WallTime now) const {
    const auto verified = verify_curve_statement(file, root_.public_key(), now);
    return verified ? Refusal{} : verified.error();
  }

  PrivateKey root_ = PrivateKey::generate(KeyType::p256).value();
  CurveStatement statement_;
};

TEST_F(Statement, ComesBackAsItWas) {
  const auto verified = verify_curve_statement(file(), root_.public_key(), kNow);

  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->project, "works");
  EXPECT_EQ(verified->name, "site-1");
  EXPECT_EQ(verified->key, statement_.key);
  EXPECT_EQ(verified->until, statement_.until);
}

TEST_F(Statement, HoldsFromItsFirstMomentToBeforeItsLast) {
  const base::Bytes made = file();

  EXPECT_EQ(refusal(made, kNow - std::chrono::milliseconds(1)), Refusal::not_yet_valid);
  EXPECT_EQ(refusal(made, kNow + hours(1) - std::chrono::milliseconds(1)), Refusal{});
  EXPECT_EQ(refusal(made, kNow + hours(1)), Refusal::certificate_expired);
}

TEST_F(Statement, OfAnotherRootIsRefused) {
  const PrivateKey other = PrivateKey::generate(KeyType::p256).value();

  EXPECT_EQ(refusal(sign_curve_statement(statement_, other).value(), kNow), Refusal::bad_chain);
}

TEST_F(Statement, WithAnyBitChangedIsRefused) {
  const base::Bytes good = file();
  for (size_t at = 0; at < good.size(); ++at) {
    base::Bytes bad = good;
    bad[at] ^= 1;
    EXPECT_NE(refusal(bad, kNow), Refusal{}) << at;
  }
}

TEST_F(Statement, OfAnotherLengthIsRefused) {
  const base::Bytes good = file();
  for (size_t size = 0; size < good.size(); ++size)
    EXPECT_NE(refusal(base::ByteView(good).first(size), kNow), Refusal{}) << size;
  base::Bytes longer = good;
  longer.push_back(0);
  EXPECT_EQ(refusal(longer, kNow), Refusal::malformed);
}

TEST_F(Statement, IsNotMadeForANameThatNobodyMayHave) {
  for (const char* name : {"", "a/b", "no spaces"}) {
    statement_.name = name;
    EXPECT_FALSE(sign_curve_statement(statement_, root_)) << name;
  }
}

TEST(CurvePair, ThePublicKeyIsTheSecretOnes) {
  const CurvePair pair = make_curve_pair().value();

  EXPECT_EQ(curve_public_of(pair.secret.expose()).value(), pair.public_key);
  EXPECT_FALSE(curve_public_of(pair.secret.expose().first(31)));
  EXPECT_NE(make_curve_pair()->public_key, pair.public_key);
}

}  // namespace
}  // namespace fairlead::crypto

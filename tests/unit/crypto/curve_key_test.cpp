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
  /// What the root signs of the statement.
  base::Bytes content() const {
    const base::Bytes made = file();
    return base::to_bytes(base::Reader(made).counted());
  }
  /// A file with whatever content, signed like a statement.
  base::Bytes signed_file(const base::Bytes& content) const {
    base::Bytes file;
    base::append_counted(file, content);
    base::append_counted(file, root_.sign("FAIRLEAD1 curve key", content).value());
    return file;
  }
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

TEST_F(Statement, OfAnotherFormIsRefusedAlthoughTheRootSignedIt) {
  const base::Bytes good = content();
  base::Bytes other_kind = good, with_flags = good, longer = good, shorter = good;
  other_kind[0] ^= 1;
  with_flags[5] = 1;
  longer.push_back(0);
  shorter.pop_back();

  EXPECT_EQ(refusal(signed_file(good), kNow), Refusal{});
  for (const base::Bytes& odd : {other_kind, with_flags, longer, shorter})
    EXPECT_EQ(refusal(signed_file(odd), kNow), Refusal::malformed) << base::hex(odd);
}

TEST_F(Statement, IsNotMadeWithoutAProject) {
  statement_.project = "";

  EXPECT_FALSE(sign_curve_statement(statement_, root_));
}

/// The signatures of this root all have one size.
TEST_F(Statement, HasAtMostItsLargestSize) {
  root_ = PrivateKey::generate(KeyType::ed25519).value();
  const size_t room = kMaxCurveStatement - file().size() + statement_.project.size();

  statement_.project = std::string(room - 1, 'p');
  EXPECT_TRUE(sign_curve_statement(statement_, root_));
  statement_.project += 'p';
  EXPECT_TRUE(sign_curve_statement(statement_, root_));
  statement_.project += 'p';
  EXPECT_FALSE(sign_curve_statement(statement_, root_));
}

TEST_F(Statement, ThatEndsBeforeItBeginsNeverHolds) {
  statement_.until = kNow - hours(1);

  EXPECT_FALSE(sign_curve_statement(statement_, root_));
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

#include "auth/token.hpp"

#include "auth/login.hpp"
#include "given.hpp"

namespace fairlead::auth {
namespace {

using base::Refusal;

struct TokenTest : ::testing::Test {
  static Token content() {
    Token token;
    token.sid = {1, 2, 3};
    token.issued = kNow;
    token.expires = kNow + 1h;
    token.audience = {7};
    token.certificate_sha256 = {8};
    token.name = "site-1";
    token.org = "org";
    token.endpoint = "site-1/trainer";
    return token;
  }
  Refusal check(base::ByteView token, base::ByteView signature) const {
    return refusal_of(verify_token(token, signature, std::span(&key.public_key(), 1)));
  }
  static Refusal decode_changed(const std::function<void(Token&)>& change) {
    Token token = content();
    change(token);
    return refusal_of(decode_token(encode(token)));
  }

  crypto::PrivateKey key = must(crypto::PrivateKey::generate(crypto::KeyType::p256));
  SignedToken made = must(sign_token(content(), key));
};

TEST_F(TokenTest, ReadsBackWhatWasSigned) {
  const auto read = verify_token(made.token, made.signature, std::span(&key.public_key(), 1));

  ASSERT_TRUE(read);
  EXPECT_EQ(read->kid, key.public_key().key_id());
  EXPECT_EQ(encode(*read), made.token);
}

TEST_F(TokenTest, N01_RefusesAnInventedTokenAndSignature) {
  SeededRandom random(2);
  base::Bytes signature(made.signature.size()), token(made.token.size());
  random.fill(signature);
  random.fill(token);

  EXPECT_EQ(check(made.token, signature), Refusal::bad_token);
  EXPECT_EQ(check(token, made.signature), Refusal::bad_token);
  EXPECT_EQ(check(made.token, {}), Refusal::bad_token);
}

TEST_F(TokenTest, N03_RefusesAMovedBoundaryBetweenNames) {
  Token token = content();
  token.kid = key.public_key().key_id();
  token.org = "";
  token.name = "site-1org";
  token.endpoint = "site-1org/trainer";

  EXPECT_EQ(check(encode(token), made.signature), Refusal::bad_token);
}

TEST_F(TokenTest, N04_RefusesSignaturesMadeForAnotherPurpose) {
  for (const char* label : {"FAIRLEAD1 kit manifest", "FAIRLEAD1 csr request", "FAIRLEAD1 csr approval",
                            "FAIRLEAD1 curve key", "FAIRLEAD1 delegation", "FAIRLEAD1 toke", ""})
    EXPECT_EQ(check(made.token, must(key.sign(label, made.token))), Refusal::bad_token) << label;
}

TEST_F(TokenTest, N04_RefusesTheSignatureOfAnyOtherContent) {
  for (uint8_t i = 0; i < 100; ++i)
    EXPECT_EQ(check(made.token, must(key.sign("FAIRLEAD1 token", base::Bytes{i}))), Refusal::bad_token);
}

TEST_F(TokenTest, N05_RefusesTheSignatureOfAnotherKeyUnderItsKid) {
  const auto other = must(crypto::PrivateKey::generate(crypto::KeyType::p256));

  EXPECT_EQ(check(made.token, must(other.sign("FAIRLEAD1 token", made.token))), Refusal::bad_token);
}

TEST_F(TokenTest, N12_RefusesAKidThatIsNotThere) {
  const auto other = must(crypto::PrivateKey::generate(crypto::KeyType::p256));
  const SignedToken foreign = must(sign_token(content(), other));

  EXPECT_EQ(check(foreign.token, foreign.signature), Refusal::bad_token);
}

TEST_F(TokenTest, N12_FindsTheKeyByItsKid) {
  const auto other = must(crypto::PrivateKey::generate(crypto::KeyType::ed25519));
  const std::vector keys{other.public_key(), key.public_key()};

  EXPECT_TRUE(verify_token(made.token, made.signature, keys));
}

TEST_F(TokenTest, N10_RefusesALaterExpiry) {
  base::Bytes token = made.token;
  token[4 + 2 + 8 + 16 + 8 + 4] ^= 1;

  EXPECT_EQ(check(token, made.signature), Refusal::bad_token);
}

TEST_F(TokenTest, N11_RefusesEveryFlippedBit) {
  for (size_t i = 0; i < made.token.size() * 8; ++i) {
    base::Bytes token = made.token;
    token[i / 8] = static_cast<uint8_t>(token[i / 8] ^ (1 << (i % 8)));
    EXPECT_EQ(check(token, made.signature), Refusal::bad_token) << i;
  }
}

TEST_F(TokenTest, RefusesEveryTruncationAndAnythingBehind) {
  for (size_t size = 0; size < made.token.size(); ++size)
    EXPECT_EQ(refusal_of(decode_token(base::ByteView(made.token).first(size))), Refusal::bad_token) << size;
  base::Bytes longer = made.token;
  longer.push_back(0);
  EXPECT_EQ(refusal_of(decode_token(longer)), Refusal::bad_token);
}

TEST_F(TokenTest, RefusesOtherMagicFlagsAndTypes) {
  for (const size_t at : {0u, 5u}) {
    base::Bytes token = made.token;
    token[at] ^= 1;
    EXPECT_EQ(refusal_of(decode_token(token)), Refusal::bad_token) << at;
  }
  for (const uint8_t type : {uint8_t{0}, uint8_t{5}}) {
    base::Bytes token = made.token;
    token[4 + 2 + 8 + 16 + 8 + 8 + 32] = type;
    EXPECT_EQ(refusal_of(decode_token(token)), Refusal::bad_token) << int{type};
  }
}

TEST_F(TokenTest, RefusesContentThatContradictsItself) {
  EXPECT_EQ(decode_changed([](Token&) {}), Refusal{});
  EXPECT_EQ(decode_changed([](Token& t) { t.expires = t.issued; }), Refusal::bad_token);
  EXPECT_EQ(decode_changed([](Token& t) { t.issued = base::WallTime(-1ms); }), Refusal::bad_token);
  EXPECT_EQ(decode_changed([](Token& t) { t.endpoint = "site-2"; }), Refusal::bad_token);
  EXPECT_EQ(decode_changed([](Token& t) { t.name = t.endpoint = "no name"; }), Refusal::bad_token);
}

}  // namespace
}  // namespace fairlead::auth

// What else a server's key may have signed, and in which other ways, must never pass as the signature of a
// token (N04, N12, N13). Everything here is signed with the right key, through OpenSSL and not through
// crypto::PrivateKey.
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <map>

#include "auth/token.hpp"
#include "crypto/digest.hpp"
#include "given.hpp"
#include "support/revocation_list.hpp"

namespace fairlead::auth {
namespace {

using base::Refusal;
using crypto::KeyType;

constexpr std::string_view kLabel = "FAIRLEAD1 token";

/// How bytes are signed. For keys that are not RSA only the digest counts.
struct Scheme {
  const EVP_MD* digest = EVP_sha256();
  int padding = RSA_PKCS1_PSS_PADDING;
  int salt = 32;
  const EVP_MD* mask = EVP_sha256();
};

base::Bytes signature_of(base::ByteView message, const crypto::PrivateKey& key, const Scheme& scheme = {}) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  EVP_PKEY_CTX* how = nullptr;
  EXPECT_EQ(EVP_DigestSignInit(context.get(), &how, scheme.digest, nullptr, key.openssl()), 1);
  if (key.type() == KeyType::rsa) {
    EXPECT_EQ(EVP_PKEY_CTX_set_rsa_padding(how, scheme.padding), 1);
  }
  if (key.type() == KeyType::rsa && scheme.padding == RSA_PKCS1_PSS_PADDING) {
    EXPECT_EQ(EVP_PKEY_CTX_set_rsa_pss_saltlen(how, scheme.salt), 1);
    EXPECT_EQ(EVP_PKEY_CTX_set_rsa_mgf1_md(how, scheme.mask), 1);
  }
  size_t size = 0;
  EXPECT_EQ(EVP_DigestSign(context.get(), nullptr, &size, message.data(), message.size()), 1);
  base::Bytes out(size);
  EXPECT_EQ(EVP_DigestSign(context.get(), out.data(), &size, message.data(), message.size()), 1);
  out.resize(size);
  return out;
}

/// RFC 8446 section 4.4.3: so many blanks, a label, zero, a digest.
base::Bytes shaped(std::string_view label, const base::Digest& digest, size_t blanks = 64) {
  base::Bytes out(blanks, 0x20);
  base::append(out, base::as_bytes(label));
  out.push_back(0);
  base::append(out, digest);
  return out;
}

Token content() {
  Token token;
  token.sid = {1, 2, 3};
  token.issued = kNow;
  token.expires = kNow + 1h;
  token.name = "site-1";
  token.endpoint = "site-1";
  return token;
}

/// Two keys of each type, made once: RSA takes its time.
const crypto::PrivateKey& a_key(KeyType type, size_t which = 0) {
  static std::map<std::pair<KeyType, size_t>, crypto::PrivateKey> made;
  const auto found = made.find({type, which});
  if (found != made.end()) return found->second;
  return made.emplace(std::pair(type, which), must(crypto::PrivateKey::generate(type))).first->second;
}

/// A key of one type, and what it signed as it should.
class TokenSignature : public testing::TestWithParam<KeyType> {
 protected:
  Refusal check(base::ByteView signature) const {
    return refusal_of(verify_token(made.token, signature, std::span(&key.public_key(), 1)));
  }

  const crypto::PrivateKey& key = a_key(GetParam());
  SignedToken made = must(sign_token(content(), key));
  const EVP_MD* right_digest = GetParam() == KeyType::ed25519 ? nullptr
                               : GetParam() == KeyType::p384  ? EVP_sha384()
                                                              : EVP_sha256();
};

INSTANTIATE_TEST_SUITE_P(Keys, TokenSignature,
                         testing::Values(KeyType::p256, KeyType::p384, KeyType::ed25519, KeyType::rsa),
                         [](const auto& it) { return std::string(crypto::name(it.param)); });

/// Else nothing below would show anything.
TEST_P(TokenSignature, IsMadeByOpenSslAsWell) {
  const base::Bytes message = shaped(kLabel, crypto::sha256({made.token}));

  EXPECT_EQ(check(signature_of(message, key, {.digest = right_digest})), Refusal{});
}

/// Everything that this server signs for somebody else, and what looks like it. The round number stands in
/// what varies; the token's own digest stands where an attacker would put it.
std::vector<base::Bytes> other_signed_things(const base::Bytes& token, uint32_t round) {
  base::Bytes varying;
  base::append_be(varying, round);
  const base::Digest other = crypto::sha256({varying}), own = crypto::sha256({token});
  std::vector<base::Bytes> found;
  for (const char* label :
       {"TLS 1.3, server CertificateVerify", "TLS 1.3, client CertificateVerify", "FAIRLEAD1 kit manifest",
        "FAIRLEAD1 csr request", "FAIRLEAD1 csr approval", "FAIRLEAD1 curve key", "FAIRLEAD1 delegation",
        "FAIRLEAD1 audit", "FAIRLEAD1 lane", "FAIRLEAD1 toke", "FAIRLEAD1 token ", "FAIRLEAD1 Token",
        "FAIRLEAD2 token", ""}) {
    found.push_back(shaped(label, own));
    found.push_back(shaped(label, other));
  }
  for (const size_t blanks : {0u, 1u, 32u, 63u, 65u, 128u}) found.push_back(shaped(kLabel, own, blanks));
  found.push_back(shaped(kLabel, other));
  found.push_back(shaped(kLabel, crypto::sha256({own})));
  found.push_back(token);
  found.push_back(base::to_bytes(own));
  base::Bytes unhashed = base::Bytes(64, 0x20);
  base::append(unhashed, base::as_bytes(kLabel));
  unhashed.push_back(0);
  base::append(unhashed, token);
  found.push_back(unhashed);
  found.push_back(varying);
  return found;
}

TEST(TokenSignatures, N04_TenThousandOtherSignedThingsAreRefused) {
  const auto& key = a_key(KeyType::p256);
  const SignedToken made = must(sign_token(content(), key));
  size_t tried = 0;
  for (uint32_t round = 0; tried < 10'000; ++round)
    for (const base::Bytes& message : other_signed_things(made.token, round)) {
      const auto verdict =
          verify_token(made.token, signature_of(message, key), std::span(&key.public_key(), 1));
      ASSERT_EQ(refusal_of(verdict), Refusal::bad_token) << round << ": " << base::hex(message);
      ++tried;
    }
  EXPECT_GE(tried, 10'000u);
}

TEST_P(TokenSignature, N04_RefusesOtherSignedThings) {
  for (const base::Bytes& message : other_signed_things(made.token, 1))
    EXPECT_EQ(check(signature_of(message, key, {.digest = right_digest})), Refusal::bad_token)
        << base::hex(message);
}

/// In a kit of the reference the key that signs tokens may have signed certificates and lists as well.
TEST(TokenSignatures, N04_SignaturesOfCertificatesAndListsAreRefused) {
  base::SystemRandom random;
  const auto& key = a_key(KeyType::p256);
  crypto::CertificateProfile profile;
  profile.use = crypto::CertificateUse::root;
  profile.name = "pie";
  profile.not_before = kNow - 1h;
  profile.not_after = kNow + 1h;
  const auto root = must(crypto::issue_certificate(profile, key.public_key(), nullptr, key, random));
  const base::Bytes list =
      support::revocation_list(root, key, {.this_update = kNow, .next_update = kNow + 1h});
  const SignedToken made = must(sign_token(content(), key));
  // Both end with their signature: 03, length, 00, and then DER as tokens have it.
  for (const base::Bytes& document : {root.der(), list}) {
    size_t shapes = 0;
    for (size_t at = document.size() - 80; at < document.size() - 60; ++at) {
      if (document[at] != 0x30 || at + 2 + document[at + 1] != document.size()) continue;
      const auto verdict =
          verify_token(made.token, base::ByteView(document).subspan(at), std::span(&key.public_key(), 1));
      EXPECT_EQ(refusal_of(verdict), Refusal::bad_token);
      ++shapes;
    }
    EXPECT_GE(shapes, 1u);
  }
}

TEST(TokenSignatures, N13_RsaTakesPssWithSha256AndSalt32Only) {
  const auto& key = a_key(KeyType::rsa);
  const SignedToken made = must(sign_token(content(), key));
  const base::Bytes message = shaped(kLabel, crypto::sha256({made.token}));
  const Scheme others[] = {{.padding = RSA_PKCS1_PADDING},
                           {.digest = EVP_sha384(), .padding = RSA_PKCS1_PADDING},
                           {.digest = EVP_sha384()},
                           {.digest = EVP_sha384(), .mask = EVP_sha384()},
                           {.digest = EVP_sha512(), .mask = EVP_sha512()},
                           {.digest = EVP_sha1(), .salt = 20, .mask = EVP_sha1()},
                           {.salt = 0},
                           {.salt = 20},
                           {.salt = 31},
                           {.salt = 33},
                           {.salt = RSA_PSS_SALTLEN_MAX},
                           {.mask = EVP_sha1()},
                           {.mask = EVP_sha384()}};
  const auto check = [&](base::ByteView signature) {
    return refusal_of(verify_token(made.token, signature, std::span(&key.public_key(), 1)));
  };

  EXPECT_EQ(check(signature_of(message, key)), Refusal{});
  for (size_t i = 0; i < std::size(others); ++i)
    EXPECT_EQ(check(signature_of(message, key, others[i])), Refusal::bad_token) << i;
}

/// The two numbers of an ECDSA signature, each as long as the curve's order.
base::Bytes raw_form(base::ByteView der, int bytes_of_each) {
  const uint8_t* at = der.data();
  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> both(
      d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())), &ECDSA_SIG_free);
  base::Bytes out(2 * static_cast<size_t>(bytes_of_each));
  EXPECT_EQ(BN_bn2binpad(ECDSA_SIG_get0_r(both.get()), out.data(), bytes_of_each), bytes_of_each);
  EXPECT_EQ(BN_bn2binpad(ECDSA_SIG_get0_s(both.get()), out.data() + bytes_of_each, bytes_of_each),
            bytes_of_each);
  return out;
}

TEST(TokenSignatures, N13_ACurveTakesDerAndNothingElse) {
  for (const auto& [type, bytes_of_each] : {std::pair(KeyType::p256, 32), std::pair(KeyType::p384, 48)}) {
    const auto& key = a_key(type);
    const SignedToken made = must(sign_token(content(), key));
    base::Bytes longer = made.signature, long_length = made.signature, octets = made.signature;
    longer.push_back(0);
    long_length.insert(long_length.begin() + 1, 0x81);
    octets[0] = 0x04;
    const base::Bytes shorter(made.signature.begin(), made.signature.end() - 1);

    for (const base::Bytes& form :
         {raw_form(made.signature, bytes_of_each), longer, long_length, octets, shorter})
      EXPECT_EQ(refusal_of(verify_token(made.token, form, std::span(&key.public_key(), 1))),
                Refusal::bad_token)
          << crypto::name(type) << ": " << base::hex(form);
  }
}

TEST(TokenSignatures, N13_AnotherDigestIsRefused) {
  for (const auto& [type, right] :
       {std::pair(KeyType::p256, NID_sha256), std::pair(KeyType::p384, NID_sha384)}) {
    const auto& key = a_key(type);
    const SignedToken made = must(sign_token(content(), key));
    const base::Bytes message = shaped(kLabel, crypto::sha256({made.token}));
    for (const EVP_MD* digest : {EVP_sha1(), EVP_sha224(), EVP_sha256(), EVP_sha384(), EVP_sha512()}) {
      const auto verdict = verify_token(made.token, signature_of(message, key, {.digest = digest}),
                                        std::span(&key.public_key(), 1));
      EXPECT_EQ(verdict.has_value(), EVP_MD_get_type(digest) == right) << EVP_MD_get0_name(digest);
    }
  }
}

/// The key alone says how a token is signed: a key of another type never stands in for it, whatever the kid
/// says.
TEST_P(TokenSignature, N13_OfAKeyOfAnotherTypeIsRefused) {
  for (const KeyType type : {KeyType::p256, KeyType::p384, KeyType::ed25519, KeyType::rsa}) {
    const auto& other = a_key(type, 1);
    const auto signature = must(other.sign(kLabel, made.token));
    const std::vector both{key.public_key(), other.public_key()};

    EXPECT_EQ(check(signature), Refusal::bad_token) << crypto::name(type);
    EXPECT_EQ(refusal_of(verify_token(made.token, signature, both)), Refusal::bad_token)
        << crypto::name(type);
  }
}

TEST_P(TokenSignature, N12_OfAKeyThatWasRetiredIsRefused) {
  const auto& successor = a_key(GetParam(), 1);
  Token renamed = content();
  renamed.kid = successor.public_key().key_id();
  const base::Bytes token = encode(renamed);

  const auto under_its_own_kid =
      verify_token(made.token, made.signature, std::span(&successor.public_key(), 1));
  const auto under_the_new_kid =
      verify_token(token, must(key.sign(kLabel, token)), std::span(&successor.public_key(), 1));

  EXPECT_EQ(check(made.signature), Refusal{});
  EXPECT_EQ(refusal_of(under_its_own_kid), Refusal::bad_token);
  EXPECT_EQ(refusal_of(under_the_new_kid), Refusal::bad_token);
}

TEST_P(TokenSignature, N12_UnderAnyOtherKidIsRefused) {
  for (size_t bit = 0; bit < 64; ++bit) {
    Token renamed = content();
    renamed.kid = key.public_key().key_id();
    renamed.kid[bit / 8] = static_cast<uint8_t>(renamed.kid[bit / 8] ^ (1 << (bit % 8)));
    const base::Bytes token = encode(renamed);

    const auto verdict = verify_token(token, must(key.sign(kLabel, token)), std::span(&key.public_key(), 1));

    EXPECT_EQ(refusal_of(verdict), Refusal::bad_token) << bit;
  }
}

TEST_P(TokenSignature, N12_UnderNoKeyAtAllIsRefused) {
  EXPECT_EQ(refusal_of(verify_token(made.token, made.signature, {})), Refusal::bad_token);
}

}  // namespace
}  // namespace fairlead::auth

#include "crypto/key.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include "crypto/digest.hpp"
#include "crypto/openssl.hpp"
#include "pki.hpp"

namespace fairlead::crypto {
namespace {

using base::as_bytes;
using base::Bytes;

class EveryKeyType : public testing::TestWithParam<KeyType> {
 protected:
  PrivateKey key_ = make_key(GetParam());
};

INSTANTIATE_TEST_SUITE_P(Keys, EveryKeyType,
                         testing::Values(KeyType::p256, KeyType::p384, KeyType::ed25519, KeyType::rsa),
                         [](const auto& each) { return std::string(name(each.param)); });

TEST_P(EveryKeyType, SignsAndVerifies) {
  const Bytes signature = must(key_.sign("FAIRLEAD1 token", as_bytes("content")));
  EXPECT_EQ(key_.type(), GetParam());
  EXPECT_TRUE(key_.public_key().verify("FAIRLEAD1 token", as_bytes("content"), signature));
  EXPECT_FALSE(key_.public_key().verify("FAIRLEAD1 token", as_bytes("Content"), signature));
  EXPECT_FALSE(
      make_key(KeyType::p256).public_key().verify("FAIRLEAD1 token", as_bytes("content"), signature));
}

TEST_P(EveryKeyType, LabelsKeepSignaturesApart) {
  const Bytes signature = must(key_.sign("FAIRLEAD1 token", as_bytes("content")));
  EXPECT_FALSE(key_.public_key().verify("FAIRLEAD1 kit manifest", as_bytes("content"), signature));
  EXPECT_FALSE(key_.public_key().verify("FAIRLEAD1 toke", as_bytes("ncontent"), signature));
  EXPECT_FALSE(key_.public_key().verify("", as_bytes("content"), signature));
}

TEST_P(EveryKeyType, TamperedSignaturesFail) {
  const Bytes signature = must(key_.sign("l", as_bytes("content")));
  for (size_t i = 0; i < signature.size(); ++i) {
    Bytes changed = signature;
    changed[i] ^= 1;
    EXPECT_FALSE(key_.public_key().verify("l", as_bytes("content"), changed)) << i;
  }
  Bytes longer = signature;
  longer.push_back(0);
  EXPECT_FALSE(key_.public_key().verify("l", as_bytes("content"), longer));
  EXPECT_FALSE(key_.public_key().verify("l", as_bytes("content"), {}));
}

TEST_P(EveryKeyType, PublicKeyTravelsAsSpki) {
  const Bytes signature = must(key_.sign("l", as_bytes("content")));
  const PublicKey read = must(PublicKey::from_spki(key_.public_key().spki()));
  EXPECT_TRUE(read.verify("l", as_bytes("content"), signature));
  EXPECT_EQ(read.type(), GetParam());
  EXPECT_EQ(read.key_id(), key_.public_key().key_id());
  const base::Digest digest = sha256({read.spki()});
  EXPECT_TRUE(base::equal(read.key_id(), base::ByteView(digest).first(8)));
}

TEST_P(EveryKeyType, SpkiWithTrailingOrMissingBytesIsRefused) {
  Bytes longer = key_.public_key().spki();
  const base::ByteView shorter = base::ByteView(key_.public_key().spki()).first(longer.size() - 1);
  longer.push_back(0);
  EXPECT_FALSE(PublicKey::from_spki(longer));
  EXPECT_FALSE(PublicKey::from_spki(shorter));
  EXPECT_FALSE(PublicKey::from_spki({}));
}

TEST_P(EveryKeyType, PlainPemRoundTrip) {
  const base::Secret pem = must(key_.to_pem());
  EXPECT_TRUE(base::as_text(pem.expose()).starts_with("-----BEGIN PRIVATE KEY-----\n"));
  const PrivateKey read = must(PrivateKey::from_pem(pem.expose()));
  EXPECT_EQ(read.public_key().spki(), key_.public_key().spki());
  const Bytes signature = must(read.sign("l", as_bytes("content")));
  EXPECT_TRUE(key_.public_key().verify("l", as_bytes("content"), signature));
}

TEST(SignedShape, IsPaddingLabelZeroDigest) {
  // Made by hand with OpenSSL over the documented bytes: what another implementation would do.
  const PrivateKey key = make_key(KeyType::ed25519);
  Bytes message(64, 0x20);
  base::append(message, as_bytes("FAIRLEAD1 token"));
  message.push_back(0);
  base::append(message, sha256({as_bytes("content")}));
  const OwnedMdContext context(EVP_MD_CTX_new());
  Bytes signature(64);
  size_t size = signature.size();
  ASSERT_EQ(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.openssl()), 1);
  ASSERT_EQ(EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()), 1);
  EXPECT_TRUE(key.public_key().verify("FAIRLEAD1 token", as_bytes("content"), signature));
  EXPECT_EQ(must(key.sign("FAIRLEAD1 token", as_bytes("content"))), signature);
}

TEST(EncryptedPem, OpensWithItsPassphraseOnly) {
  const PrivateKey key = make_key();
  const base::Secret pem = must(key.to_pem(as_bytes("open sesame")));
  EXPECT_TRUE(base::as_text(pem.expose()).starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
  EXPECT_EQ(must(PrivateKey::from_pem(pem.expose(), as_bytes("open sesame"))).public_key().spki(),
            key.public_key().spki());
  const auto wrong = PrivateKey::from_pem(pem.expose(), as_bytes("open sesam"));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().reason, "wrong_passphrase");
  const auto missing = PrivateKey::from_pem(pem.expose());
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().reason, "passphrase_missing");
  EXPECT_FALSE(PrivateKey::from_pem(pem.expose(), Bytes(5000, 'x')));
}

TEST(PlainPem, IgnoresAPassphraseItDoesNotNeed) {
  const PrivateKey key = make_key();
  EXPECT_TRUE(PrivateKey::from_pem(must(key.to_pem()).expose(), as_bytes("unused")));
}

std::string traditional_pem(const PrivateKey& key, const char* passphrase) {
  const OwnedBio bio(BIO_new(BIO_s_mem()));
  const std::string text = passphrase != nullptr ? passphrase : "";
  const Bytes bytes = base::to_bytes(text);
  EXPECT_EQ(PEM_write_bio_PrivateKey_traditional(
                bio.get(), key.openssl(), passphrase != nullptr ? EVP_aes_128_cbc() : nullptr,
                passphrase != nullptr ? bytes.data() : nullptr, narrow(bytes.size()), nullptr, nullptr),
            1);
  return base::to_text(written(bio.get()));
}

TEST(TraditionalPem, Pkcs1AndSec1AreRead) {
  for (const KeyType type : {KeyType::rsa, KeyType::p256, KeyType::p384}) {
    const PrivateKey key = make_key(type);
    const std::string pem = traditional_pem(key, nullptr);
    EXPECT_NE(pem.find(type == KeyType::rsa ? "BEGIN RSA PRIVATE KEY" : "BEGIN EC PRIVATE KEY"),
              std::string::npos);
    EXPECT_EQ(must(PrivateKey::from_pem(as_bytes(pem))).public_key().spki(), key.public_key().spki());
  }
}

TEST(TraditionalPem, EncryptedIsReadWithoutATerminal) {
  const PrivateKey key = make_key(KeyType::p256);
  const std::string pem = traditional_pem(key, "secret");
  EXPECT_TRUE(PrivateKey::from_pem(as_bytes(pem), as_bytes("secret")));
  EXPECT_FALSE(PrivateKey::from_pem(as_bytes(pem), as_bytes("wrong")));
  EXPECT_FALSE(PrivateKey::from_pem(as_bytes(pem)));
}

TEST(TraditionalPem, ParametersInFrontAreSkipped) {
  // What `openssl ecparam -genkey` writes.
  const PrivateKey key = make_key(KeyType::p256);
  const std::string pem = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" +
                          traditional_pem(key, nullptr);
  EXPECT_TRUE(PrivateKey::from_pem(as_bytes(pem)));
}

TEST(RefusedKeys, TypesAndSizesThatAreNotAllowed) {
  const std::pair<const char*, std::string> cases[] = {{"RSA-1024", foreign_key_pem("RSA", 1024, nullptr)},
                                                       {"RSA-2040", foreign_key_pem("RSA", 2040, nullptr)},
                                                       {"RSA-PSS", foreign_key_pem("RSA-PSS", 2048, nullptr)},
                                                       {"P-192", foreign_key_pem("EC", 0, "P-192")},
                                                       {"P-521", foreign_key_pem("EC", 0, "P-521")},
                                                       {"secp256k1", foreign_key_pem("EC", 0, "secp256k1")},
                                                       {"Ed448", foreign_key_pem("ED448", 0, nullptr)},
                                                       {"X25519", foreign_key_pem("X25519", 0, nullptr)}};
  for (const auto& [what, pem] : cases) {
    const auto read = PrivateKey::from_pem(as_bytes(pem));
    ASSERT_FALSE(read) << what;
    EXPECT_EQ(read.error().text, "the key is of a type that is not allowed") << what;
  }
}

/// A public RSA key that nobody has the other half of.
OwnedPkey rsa_key(int bits, const char* exponent) {
  const OwnedNumber modulus(BN_new());
  EXPECT_EQ(BN_rand(modulus.get(), bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ODD), 1);
  BIGNUM* raw = nullptr;
  EXPECT_GT(BN_hex2bn(&raw, exponent), 0);
  const OwnedNumber public_exponent(raw);
  const std::unique_ptr<OSSL_PARAM_BLD, FreeWith<&OSSL_PARAM_BLD_free>> build(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
  OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_E, public_exponent.get());
  const std::unique_ptr<OSSL_PARAM, FreeWith<&OSSL_PARAM_free>> fields(OSSL_PARAM_BLD_to_param(build.get()));
  const OwnedPkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* made = nullptr;
  EXPECT_EQ(EVP_PKEY_fromdata_init(context.get()), 1);
  EXPECT_EQ(EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, fields.get()), 1);
  return OwnedPkey(made);
}

bool is_allowed_rsa_key(int bits, const char* exponent) {
  return PublicKey::from_openssl(rsa_key(bits, exponent).get()).has_value();
}

TEST(RsaKeys, HoldTheLimitsOfTheirSize) {
  EXPECT_FALSE(is_allowed_rsa_key(2047, "10001"));
  EXPECT_TRUE(is_allowed_rsa_key(2048, "10001"));
  EXPECT_TRUE(is_allowed_rsa_key(4096, "10001"));
  EXPECT_FALSE(is_allowed_rsa_key(4097, "10001"));
}

TEST(RsaKeys, HoldTheLimitsOfTheirExponent) {
  EXPECT_FALSE(is_allowed_rsa_key(2048, "3"));
  EXPECT_FALSE(is_allowed_rsa_key(2048, "FFFF"));
  EXPECT_FALSE(is_allowed_rsa_key(2048, "10000")) << "even";
  EXPECT_TRUE(is_allowed_rsa_key(2048, "FFFFFFFFFFFFFFFF"));
  EXPECT_FALSE(is_allowed_rsa_key(2048, "10000000000000001"));
}

TEST(EcKeys, ACurveIsWhatItsNameSays) {
  const OwnedPkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* raw = nullptr;
  ASSERT_EQ(EVP_PKEY_keygen_init(context.get()), 1);
  ASSERT_EQ(EVP_PKEY_CTX_set_group_name(context.get(), "P-256"), 1);
  ASSERT_EQ(EVP_PKEY_CTX_set_ec_param_enc(context.get(), OPENSSL_EC_EXPLICIT_CURVE), 1);
  ASSERT_EQ(EVP_PKEY_generate(context.get(), &raw), 1);
  const OwnedPkey key(raw);

  EXPECT_FALSE(PublicKey::from_spki(to_der(&i2d_PUBKEY, static_cast<const EVP_PKEY*>(key.get()))));
}

TEST(Generate, RsaHas3072Bits) {
  const PrivateKey key = must(PrivateKey::generate(KeyType::rsa));
  EXPECT_EQ(key.type(), KeyType::rsa);
  EXPECT_EQ(EVP_PKEY_get_bits(key.openssl()), 3072);
}

TEST(RefusedKeys, ReferenceSizeIsAllowed) {
  EXPECT_EQ(must(PrivateKey::from_pem(as_bytes(foreign_key_pem("RSA", 2048, nullptr)))).type(), KeyType::rsa);
}

TEST(RefusedKeys, WhatIsNoKey) {
  EXPECT_FALSE(PrivateKey::from_pem({}));
  EXPECT_FALSE(PrivateKey::from_pem(as_bytes("hello")));
  EXPECT_FALSE(
      PrivateKey::from_pem(as_bytes("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")));
  EXPECT_FALSE(PublicKey::from_openssl(nullptr));
}

}  // namespace
}  // namespace fairlead::crypto

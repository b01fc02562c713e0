#include "crypto/certificate_request.hpp"

#include <openssl/pem.h>

#include "crypto/openssl.hpp"
#include "pki.hpp"

namespace fairlead::crypto {
namespace {

const RequestedIdentity kSite{"site-1", "fairlead://pie/client/site-1"};

std::string reason_of(base::ByteView pem, const RequestedIdentity& expected = kSite) {
  const auto read = read_certificate_request(pem, expected);
  return read ? "" : read.error().reason;
}
std::string reason_of(const std::string& pem) { return reason_of(base::as_bytes(pem)); }

/// A request as anybody may write one: CN and further subject entries, extensions in OpenSSL's configuration
/// syntax, signed by another key when there is one.
struct Odd {
  std::vector<std::pair<const char*, const char*>> subject{{"CN", "site-1"}};
  std::vector<std::pair<int, const char*>> extensions{
      {NID_subject_alt_name, "URI:fairlead://pie/client/site-1"}};
  int attribute = NID_ext_req;     ///< that holds the extensions
  const char* password = nullptr;  ///< attribute challengePassword
  const PrivateKey* signer = nullptr;
};

std::string text_of(const X509_REQ* request) {
  const OwnedBio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509_REQ(bio.get(), request);
  return base::to_text(written(bio.get()));
}

std::string make(const Odd& odd, const PrivateKey& key) {
  const OwnedRequest request(X509_REQ_new());
  for (const auto& [type, value] : odd.subject)
    X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(request.get()), type, MBSTRING_UTF8,
                               base::as_bytes(value).data(), -1, -1, 0);
  const OwnedExtensions extensions(sk_X509_EXTENSION_new_null());
  for (const auto& [nid, value] : odd.extensions)
    sk_X509_EXTENSION_push(extensions.get(), X509V3_EXT_conf_nid(nullptr, nullptr, nid, value));
  if (!odd.extensions.empty()) X509_REQ_add_extensions_nid(request.get(), extensions.get(), odd.attribute);
  if (odd.password != nullptr)
    X509_REQ_add1_attr_by_NID(request.get(), NID_pkcs9_challengePassword, MBSTRING_UTF8,
                              base::as_bytes(odd.password).data(), -1);
  X509_REQ_set_pubkey(request.get(), key.openssl());
  const PrivateKey& signer = odd.signer != nullptr ? *odd.signer : key;
  X509_REQ_sign(request.get(), signer.openssl(), EVP_sha256());
  return text_of(request.get());
}

class CertificateRequestOf : public testing::TestWithParam<KeyType> {};
INSTANTIATE_TEST_SUITE_P(EachKey, CertificateRequestOf,
                         testing::Values(KeyType::p256, KeyType::p384, KeyType::ed25519, KeyType::rsa));

TEST_P(CertificateRequestOf, GivesThePublicKeyOfWhoMadeIt) {
  const PrivateKey key = make_key(GetParam());

  const std::string request = must(make_certificate_request(kSite, key));

  const auto read = read_certificate_request(base::as_bytes(request), kSite);
  ASSERT_TRUE(read.has_value()) << read.error().line();
  EXPECT_EQ(read->spki(), key.public_key().spki());
}

struct CertificateRequestTest : testing::Test {
  const PrivateKey key = make_key(), other = make_key();
  const std::string good = must(make_certificate_request(kSite, key));
};

TEST_F(CertificateRequestTest, HoldsNoPrivateKey) {
  const std::string pem = base::to_text(must(key.to_pem()).expose());

  EXPECT_EQ(good.find("PRIVATE"), std::string::npos);
  EXPECT_EQ(good.find(pem.substr(40, 24)), std::string::npos);
}

TEST_F(CertificateRequestTest, OfALongNameIsReadBack) {
  const RequestedIdentity who{std::string(255, 'n'), "fairlead://pie/client/" + std::string(255, 'n')};

  const std::string request = must(make_certificate_request(who, key));

  EXPECT_TRUE(read_certificate_request(base::as_bytes(request), who).has_value());
}

TEST_F(CertificateRequestTest, ThatIsWrittenByAnotherToolIsRead) { EXPECT_EQ(reason_of(make({}, key)), ""); }

TEST_F(CertificateRequestTest, N60IsRefusedForAnotherIdentity) {
  EXPECT_EQ(reason_of(base::as_bytes(good), {"site-2", "fairlead://pie/client/site-2"}),
            "request_wrong_name");
  EXPECT_EQ(reason_of(base::as_bytes(good), {"site-1", "fairlead://cake/client/site-1"}),
            "request_wrong_name");
  EXPECT_EQ(reason_of(base::as_bytes(good), {"site-1", "fairlead://pie/admin/site-1"}), "request_wrong_name");
}

TEST_F(CertificateRequestTest, N60ThatAsksToBeACaIsRefused) {
  const Odd odd{.extensions = {{NID_subject_alt_name, "URI:fairlead://pie/client/site-1"},
                               {NID_basic_constraints, "critical,CA:TRUE"}}};
  EXPECT_EQ(reason_of(make(odd, key)), "request_asks_more");

  const Odd first{.extensions = {{NID_basic_constraints, "critical,CA:TRUE"},
                                 {NID_subject_alt_name, "URI:fairlead://pie/client/site-1"}}};
  EXPECT_EQ(reason_of(make(first, key)), "request_asks_more");
}

TEST_F(CertificateRequestTest, N60WithAForeignAlternativeNameIsRefused) {
  for (const char* names :
       {"URI:fairlead://pie/client/site-2", "DNS:site-1", "DNS:fairlead://pie/client/site-1",
        "URI:fairlead://pie/client/site-1,DNS:server.example.com",
        "URI:fairlead://pie/client/site-1,URI:fairlead://pie/server/server"}) {
    const Odd odd{.extensions = {{NID_subject_alt_name, names}}};
    EXPECT_EQ(reason_of(make(odd, key)), "request_wrong_name") << names;
  }
  const Odd twice{.extensions = {{NID_subject_alt_name, "URI:fairlead://pie/client/site-1"},
                                 {NID_subject_alt_name, "URI:fairlead://pie/client/site-2"}}};
  EXPECT_EQ(reason_of(make(twice, key)), "request_asks_more");
}

TEST_F(CertificateRequestTest, N60WithoutAnAlternativeNameIsRefused) {
  EXPECT_EQ(reason_of(make({.extensions = {}}, key)), "request_wrong_name");
}

TEST_F(CertificateRequestTest, N60WithAnotherSubjectIsRefused) {
  EXPECT_EQ(reason_of(make({.subject = {}}, key)), "request_wrong_name");
  EXPECT_EQ(reason_of(make({.subject = {{"CN", "site-2"}}}, key)), "request_wrong_name");
  EXPECT_EQ(reason_of(make({.subject = {{"O", "site-1"}}}, key)), "request_wrong_name");
  EXPECT_EQ(reason_of(make({.subject = {{"CN", "site-1"}, {"O", "other"}}}, key)), "request_wrong_name");
}

TEST_F(CertificateRequestTest, WithAnotherAttributeIsRefused) {
  // A SET is sorted: one password comes before the extensions, the other behind them.
  EXPECT_EQ(reason_of(make({.password = "canary"}, key)), "request_asks_more");
  EXPECT_EQ(reason_of(make({.password = std::string(100, 'c').c_str()}, key)), "request_asks_more");
}

TEST_F(CertificateRequestTest, WithItsExtensionsInAnotherAttributeIsRefused) {
  EXPECT_EQ(reason_of(make({.attribute = NID_ms_ext_req}, key)), "request_asks_more");
}

TEST_F(CertificateRequestTest, WithASecondListOfExtensionsIsRefused) {
  const OwnedBio bio = reading(base::as_bytes(good));
  const OwnedRequest request(PEM_read_bio_X509_REQ(bio.get(), nullptr, nullptr, nullptr));
  X509_ATTRIBUTE* const asked = X509_REQ_get_attr(request.get(), 0);
  const uint8_t none[] = {0x30, 0x00};
  X509_ATTRIBUTE_set1_data(asked, V_ASN1_SEQUENCE, none, sizeof none);
  X509_REQ_sign(request.get(), key.openssl(), EVP_sha256());

  EXPECT_EQ(X509_ATTRIBUTE_count(asked), 2);
  EXPECT_EQ(reason_of(text_of(request.get())), "request_asks_more");
}

TEST_F(CertificateRequestTest, SignedByAnotherKeyProvesNothing) {
  EXPECT_EQ(reason_of(make({.signer = &other}, key)), "request_bad_signature");
}

TEST_F(CertificateRequestTest, ForAKeyThatIsNotAllowedIsRefused) {
  const auto weak = [](const OwnedPkey& pkey) {
    const OwnedRequest request(X509_REQ_new());
    X509_REQ_set_pubkey(request.get(), pkey.get());
    X509_REQ_sign(request.get(), pkey.get(), EVP_sha256());
    return reason_of(text_of(request.get()));
  };

  EXPECT_EQ(weak(OwnedPkey(EVP_RSA_gen(1024))), "request_bad_key");
  EXPECT_EQ(weak(OwnedPkey(EVP_EC_gen("P-521"))), "request_bad_key");
}

TEST_F(CertificateRequestTest, ThatIsNoneIsRefused) {
  EXPECT_EQ(reason_of(std::string()), "request_malformed");
  EXPECT_EQ(reason_of("x" + good), "request_malformed");
  EXPECT_EQ(reason_of("a note\n" + good), "request_malformed");
  EXPECT_EQ(reason_of(good + "x"), "request_malformed");
  EXPECT_EQ(reason_of(good + good), "request_malformed");
  EXPECT_EQ(reason_of(good.substr(0, good.size() - 40)), "request_malformed");
  EXPECT_EQ(reason_of(base::to_text(must(key.to_pem()).expose())), "request_malformed");
}

TEST_F(CertificateRequestTest, OfTheLargestSizeIsReadAndOneByteMoreIsNot) {
  base::Bytes text(kLargestCertificateRequest, 'x');
  EXPECT_EQ(reason_of(text, kSite), "request_malformed");
  text.push_back('x');
  EXPECT_EQ(reason_of(text, kSite), "request_too_large");
}

TEST_F(CertificateRequestTest, WithAFlippedBitIsNeverRead) {
  const OwnedBio bio = reading(base::as_bytes(good));
  const OwnedRequest request(PEM_read_bio_X509_REQ(bio.get(), nullptr, nullptr, nullptr));
  const base::Bytes der = to_der(&i2d_X509_REQ, request.get());
  for (size_t bit = 0; bit < der.size() * 8; ++bit) {
    base::Bytes changed = der;
    changed[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    const uint8_t* at = changed.data();
    const OwnedRequest odd(d2i_X509_REQ(nullptr, &at, static_cast<long>(changed.size())));
    if (odd == nullptr) continue;
    EXPECT_NE(reason_of(text_of(odd.get())), "") << "bit " << bit;
  }
}

}  // namespace
}  // namespace fairlead::crypto

#include "crypto/certificate.hpp"

#include "crypto/digest.hpp"
#include "crypto/openssl.hpp"
#include "pki.hpp"

namespace fairlead::crypto {
namespace {

using base::as_bytes;

std::string extension_text(const Certificate& certificate, int nid) {
  const int at = X509_get_ext_by_NID(certificate.openssl(), nid, -1);
  if (at < 0) return "absent";
  X509_EXTENSION* extension = X509_get_ext(certificate.openssl(), at);
  const OwnedBio bio(BIO_new(BIO_s_mem()));
  X509V3_EXT_print(bio.get(), extension, 0, 0);
  return (X509_EXTENSION_get_critical(extension) != 0 ? "critical " : "") + base::to_text(written(bio.get()));
}

/// What the table of certificates says for one use.
struct Expected {
  CertificateUse use;
  const char *key_usage, *extended, *constraints;
};

class EveryUse : public testing::TestWithParam<Expected> {};

INSTANTIATE_TEST_SUITE_P(Certificates, EveryUse,
                         testing::Values(Expected{CertificateUse::root, "critical Certificate Sign, CRL Sign",
                                                  "absent", "critical CA:TRUE, pathlen:1"},
                                         Expected{CertificateUse::server, "critical Digital Signature",
                                                  "TLS Web Server Authentication", "critical CA:FALSE"},
                                         Expected{CertificateUse::token_signer, "critical Digital Signature",
                                                  kTokenSigningUsage, "critical CA:FALSE"},
                                         Expected{CertificateUse::client, "critical Digital Signature",
                                                  "TLS Web Client Authentication", "critical CA:FALSE"},
                                         Expected{CertificateUse::service, "critical Digital Signature",
                                                  "TLS Web Client Authentication", "critical CA:FALSE"},
                                         Expected{CertificateUse::admin, "critical Digital Signature",
                                                  "TLS Web Client Authentication, 1.3.6.1.4.1.61616.1.2",
                                                  "critical CA:FALSE"}));

TEST_P(EveryUse, CarriesTheExtensionsOfTheTable) {
  const Pki pki;
  const Certificate made =
      GetParam().use == CertificateUse::root ? pki.root() : pki.issue(GetParam().use, "a@b").certificate;
  EXPECT_EQ(extension_text(made, NID_key_usage), GetParam().key_usage);
  EXPECT_EQ(extension_text(made, NID_ext_key_usage), GetParam().extended);
  EXPECT_EQ(extension_text(made, NID_basic_constraints), GetParam().constraints);
  EXPECT_EQ(X509_get_version(made.openssl()), X509_VERSION_3);
  EXPECT_NE(extension_text(made, NID_subject_key_identifier), "absent");
  EXPECT_NE(extension_text(made, NID_authority_key_identifier), "absent");
  EXPECT_EQ(made.uri_names().size(), 1u);
}

TEST(Issue, SerialIsTwentyPositiveBytesAndNew) {
  const Pki pki;
  const auto serial = [](const Certificate& certificate) {
    const ASN1_INTEGER* number = X509_get0_serialNumber(certificate.openssl());
    EXPECT_EQ(ASN1_STRING_length(number), 20);
    EXPECT_EQ(ASN1_STRING_type(number), V_ASN1_INTEGER) << "not negative";
    return base::to_bytes(base::ByteView(ASN1_STRING_get0_data(number), 20));
  };
  const auto first = serial(pki.issue(CertificateUse::client, "a").certificate);
  EXPECT_NE(first, serial(pki.issue(CertificateUse::client, "a").certificate));
  EXPECT_LT(first[0], 0x80);
}

TEST(Issue, NamesAndTimesAreReadBack) {
  const Pki pki;
  CertificateProfile profile = profile_of(CertificateUse::server, "hospital.example");
  profile.host_names = {"hospital.example", "10.0.0.1", "::1", "hospital.example"};
  const Certificate made = pki.issue(profile).certificate;
  EXPECT_EQ(made.common_name(), "hospital.example");
  EXPECT_EQ(made.unstructured_name(), "");
  EXPECT_EQ(made.uri_names(), std::vector<std::string>{"fairlead://pie/server/hospital.example"});
  EXPECT_EQ(made.dns_names(), std::vector<std::string>{"hospital.example"});
  EXPECT_EQ(made.ip_addresses(), (std::vector<std::string>{"10.0.0.1", "::1"}));
  EXPECT_EQ(made.not_before(), profile.not_before);
  EXPECT_EQ(made.not_after(), profile.not_after);
  EXPECT_EQ(made.subject_text(), "CN=hospital.example");
  EXPECT_EQ(made.issuer_text(), "CN=pie");
}

TEST(Issue, AdminCarriesItsRole) {
  EXPECT_EQ(Pki().issue(CertificateUse::admin, "ann@pie.org").certificate.unstructured_name(), "lead");
}

TEST(Issue, OrganisationIsReadBack) {
  const Pki pki;
  CertificateProfile profile = profile_of(CertificateUse::client, "site-1");
  profile.org = std::string(62, 'o') + "\xC3\xA9";
  EXPECT_EQ(pki.issue(profile).certificate.organization(), profile.org);
  EXPECT_EQ(pki.issue(CertificateUse::client, "site-1").certificate.organization(), "");
}

TEST(Issue, EveryKeyTypeIssuesAndIsIssued) {
  const std::pair<KeyType, int> cases[] = {{KeyType::p256, NID_ecdsa_with_SHA256},
                                           {KeyType::p384, NID_ecdsa_with_SHA384},
                                           {KeyType::ed25519, NID_ED25519},
                                           {KeyType::rsa, NID_sha256WithRSAEncryption}};
  for (const auto& [type, signature] : cases) {
    const Pki pki(type);
    const Issued issued = pki.issue(CertificateUse::client, "site-1", type);
    EXPECT_EQ(must(issued.certificate.public_key()).spki(), issued.key.public_key().spki());
    EXPECT_TRUE(verify_chain(pki.anchor(), issued.certificate, {}, ChainPurpose::client_login, kNow))
        << name(type);
    EXPECT_EQ(X509_get_signature_nid(issued.certificate.openssl()), signature);
  }
}

TEST(CommonName, IsShortenedAboveSixtyFourBytes) {
  const std::string fits(64, 'a'), longer(65, 'a');
  EXPECT_EQ(common_name_of(fits), fits);
  const std::string shortened = common_name_of(longer);
  EXPECT_EQ(shortened.size(), 64u);
  EXPECT_EQ(shortened,
            std::string(47, 'a') + "-" + base::hex(base::ByteView(sha256({as_bytes(longer)})).first(8)));
  EXPECT_EQ(Pki().issue(CertificateUse::client, longer).certificate.common_name(), shortened);
}

TEST(CommonName, TwoOrWithNulReadAsNone) {
  const Pki pki;
  const Certificate plain = pki.issue(CertificateUse::client, "site-1").certificate;
  for (const std::string& extra : {std::string("site-2"), std::string("si\0te", 5)}) {
    const OwnedX509 copy(X509_dup(plain.openssl()));
    X509_NAME* subject = X509_get_subject_name(copy.get());
    if (extra.size() == 5) X509_NAME_ENTRY_free(X509_NAME_delete_entry(subject, 0));
    const base::Bytes bytes = base::to_bytes(extra);
    X509_NAME_add_entry_by_NID(subject, NID_commonName, V_ASN1_UTF8STRING, bytes.data(), narrow(bytes.size()),
                               -1, 0);
    EXPECT_GT(X509_sign(copy.get(), pki.key().openssl(), EVP_sha256()), 0);
    EXPECT_EQ(must(Certificate::from_openssl(copy.get())).common_name(), "");
  }
}

TEST(CertificateDer, RoundTripsAndRefusesAnythingElse) {
  const Certificate made = Pki().root();
  const Certificate read = must(Certificate::from_der(made.der()));
  EXPECT_EQ(read.der(), made.der());
  EXPECT_EQ(read.sha256(), sha256({made.der()}));
  base::Bytes longer = made.der();
  longer.push_back(0);
  EXPECT_FALSE(Certificate::from_der(longer));
  EXPECT_FALSE(Certificate::from_der(base::ByteView(made.der()).first(made.der().size() - 1)));
  EXPECT_FALSE(Certificate::from_der({}));
  EXPECT_FALSE(Certificate::from_openssl(nullptr));
}

TEST(CertificateCopy, OutlivesTheOriginal) {
  Certificate copy = Pki().root();
  {
    const Certificate other = Pki().root();
    copy = other;
  }
  const Certificate moved = std::move(copy);
  EXPECT_EQ(moved.common_name(), "pie");
}

TEST(PemCertificates, AreReadInOrder) {
  const Pki pki;
  const Certificate leaf = pki.issue(CertificateUse::client, "site-1").certificate;
  const std::string text = "a comment\n" + leaf.to_pem() + "\n" + pki.root().to_pem() + "the end\n";
  const auto read = must(read_pem_certificates(as_bytes(text)));
  ASSERT_EQ(read.size(), 2u);
  EXPECT_EQ(read[0].der(), leaf.der());
  EXPECT_EQ(read[1].der(), pki.root().der());
}

TEST(PemCertificates, AreFoundUnderTheirOldNameAndAmongOtherBlocks) {
  const Pki pki;
  std::string old = pki.root().to_pem();
  for (const std::string_view line : {"BEGIN ", "END "}) old.insert(old.find(line) + line.size(), "X509 ");
  const std::string other = "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n";

  const auto read = must(read_pem_certificates(as_bytes(other + old)));

  ASSERT_EQ(read.size(), 1u);
  EXPECT_EQ(read.front().der(), pki.root().der());
}

TEST(PemCertificates, AreRefusedWithAPrivateKeyAmongThem) {
  const Issued issued = Pki().issue(CertificateUse::client, "site-1");
  const std::string key = base::to_text(must(issued.key.to_pem()).expose());
  for (const std::string& text : {issued.certificate.to_pem() + key, key + issued.certificate.to_pem(), key})
    EXPECT_FALSE(read_pem_certificates(as_bytes(text)));
}

TEST(PemCertificates, AreRefusedWhenNoneOrOneIsBroken) {
  const std::string pem = Pki().root().to_pem();
  std::string cut = pem;
  cut.resize(pem.size() / 2);
  const std::string garbage = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  for (const std::string& text :
       {std::string(), std::string("hello\n"), cut, pem + garbage, garbage + pem, pem + cut})
    EXPECT_FALSE(read_pem_certificates(as_bytes(text))) << text;
}

}  // namespace
}  // namespace fairlead::crypto

// Issuing CAs: what they look like and what they may not do.
#include <openssl/objects.h>

#include "pki.hpp"

namespace fairlead::crypto {
namespace {

using base::Refusal;

struct IssuingTest : testing::Test {
  CertificateProfile issuer_profile() const {
    CertificateProfile profile;
    profile.use = CertificateUse::issuer;
    profile.name = "hub";
    profile.uri = issuer_uri("pie", "hub");
    profile.not_before = kNow - std::chrono::hours(1);
    profile.not_after = kNow + kYear;
    return profile;
  }
  Certificate issued(CertificateUse use, const std::string& name) const {
    base::SystemRandom random;
    return must(issue_certificate(profile_of(use, name), leaf_key.public_key(), &issuer.certificate,
                                  issuer.key, random));
  }
  Refusal verdict(const Certificate& leaf, ChainPurpose purpose) const {
    const std::vector<Certificate> between{issuer.certificate};
    const auto verified = verify_chain(pki.anchor(), leaf, between, purpose, kNow);
    return verified ? Refusal{} : verified.error();
  }

  const Pki pki;
  const Issued issuer = pki.issue(issuer_profile());
  const PrivateKey leaf_key = make_key();
};

TEST_F(IssuingTest, AcceptsAnIssuerForIssuingAlone) {
  EXPECT_EQ(verdict(issuer.certificate, ChainPurpose::issuing), Refusal{});
  EXPECT_EQ(verdict(issuer.certificate, ChainPurpose::client_login), Refusal::wrong_usage);
  EXPECT_FALSE(identity_of(issuer.certificate).has_value());
}

TEST_F(IssuingTest, AcceptsWhatItIssuesForLoginsOfClients) {
  for (const CertificateUse use : {CertificateUse::client, CertificateUse::service, CertificateUse::admin}) {
    const std::string name = use == CertificateUse::admin ? "boss@pie" : "site-1";
    EXPECT_EQ(verdict(issued(use, name), ChainPurpose::client_login), Refusal{});
  }
}

TEST_F(IssuingTest, CanMakeNeitherAServerNorAnotherIssuer) {
  EXPECT_NE(verdict(issued(CertificateUse::server, "hub"), ChainPurpose::server_login), Refusal{});

  base::SystemRandom random;
  const Certificate below = must(
      issue_certificate(issuer_profile(), leaf_key.public_key(), &issuer.certificate, issuer.key, random));
  EXPECT_NE(verdict(below, ChainPurpose::issuing), Refusal{});
}

TEST_F(IssuingTest, TakesNoOtherCertificateForAnIssuer) {
  for (const CertificateUse use : {CertificateUse::client, CertificateUse::server})
    EXPECT_EQ(verdict(pki.issue(use, "site-1").certificate, ChainPurpose::issuing), Refusal::wrong_usage);
  const Certificate longer = intermediate(pki, leaf_key, "critical,CA:TRUE,pathlen:1");
  EXPECT_NE(verdict(longer, ChainPurpose::issuing), Refusal{});
}

TEST_F(IssuingTest, TakesNoIssuerWithOtherUsages) {
  const Certificate no_lists =
      with_extension(issuer.certificate, NID_key_usage, "critical,keyCertSign", pki.key());
  const Certificate for_servers =
      with_extension(issuer.certificate, NID_ext_key_usage, "serverAuth", pki.key());

  EXPECT_EQ(verdict(no_lists, ChainPurpose::issuing), Refusal::wrong_usage);
  EXPECT_EQ(verdict(for_servers, ChainPurpose::issuing), Refusal::wrong_usage);
}

}  // namespace
}  // namespace fairlead::crypto

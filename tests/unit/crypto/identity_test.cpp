#include "crypto/chain.hpp"
#include "crypto/openssl.hpp"
#include "pki.hpp"

namespace fairlead::crypto {
namespace {

using base::ParticipantType;

class IdentityOf : public testing::Test {
 protected:
  Certificate with_uri(std::string uri) {
    CertificateProfile profile = profile_of(CertificateUse::client, "site-1");
    profile.uri = std::move(uri);
    return pki_.issue(profile).certificate;
  }
  bool refused(std::string uri) {
    const auto identity = identity_of(with_uri(std::move(uri)));
    return !identity && identity.error() == base::Refusal::wrong_identity;
  }

  Pki pki_;
};

TEST_F(IdentityOf, ARoleIsAnAdminsOnly) {
  CertificateProfile profile = profile_of(CertificateUse::client, "site-1");
  profile.role = "lead";
  const auto identity = identity_of(pki_.issue(profile).certificate);

  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->role, "");
}

TEST_F(IdentityOf, EveryTypeIsRead) {
  const struct {
    CertificateUse use;
    ParticipantType type;
    const char *name, *role;
  } cases[] = {{CertificateUse::server, ParticipantType::server, "hub.example", ""},
               {CertificateUse::client, ParticipantType::client, "site-1", ""},
               {CertificateUse::service, ParticipantType::service, "store", ""},
               {CertificateUse::admin, ParticipantType::admin, "ann+x@pie.org", "lead"}};
  for (const auto& expected : cases) {
    const auto identity = identity_of(pki_.issue(expected.use, expected.name).certificate);
    ASSERT_TRUE(identity) << expected.name;
    EXPECT_EQ(identity->project, "pie");
    EXPECT_EQ(identity->type, expected.type);
    EXPECT_EQ(identity->name, expected.name);
    EXPECT_EQ(identity->role, expected.role);
    EXPECT_FALSE(identity->token_signer);
  }
}

TEST_F(IdentityOf, TokenSignerIsNoLoginIdentity) {
  const auto identity = identity_of(pki_.issue(CertificateUse::token_signer, "hub.example").certificate);
  ASSERT_TRUE(identity);
  EXPECT_TRUE(identity->token_signer);
  EXPECT_EQ(identity->type, ParticipantType::server);
  EXPECT_EQ(identity->name, "hub.example");
}

TEST_F(IdentityOf, UrisAreBuiltAsTheyAreRead) {
  EXPECT_EQ(identity_uri("pie", ParticipantType::client, "site-1"), "fairlead://pie/client/site-1");
  EXPECT_EQ(token_signer_uri("pie", "hub"), "fairlead://pie/token/hub");
  EXPECT_EQ(root_uri("pie"), "fairlead://pie");
}

TEST_F(IdentityOf, NoneOrAnotherSchemeIsRefused) {
  EXPECT_TRUE(refused(""));
  EXPECT_TRUE(refused("https://pie/client/site-1"));
  EXPECT_TRUE(refused("spiffe://pie/client/site-1"));
  EXPECT_TRUE(refused("fairlead:/pie/client/site-1"));
  const auto root = identity_of(pki_.root());
  EXPECT_FALSE(root);
}

TEST_F(IdentityOf, PartsMissingOrTooManyAreRefused) {
  for (const char* uri :
       {"fairlead://", "fairlead://pie", "fairlead://pie/client", "fairlead://pie/client/",
        "fairlead:///client/site-1", "fairlead://pie//site-1", "fairlead://pie/client/site-1/app",
        "fairlead://pie/client/site-1/", "fairlead://pie/client//site-1"})
    EXPECT_TRUE(refused(uri)) << uri;
}

TEST_F(IdentityOf, BytesAreExact) {
  EXPECT_TRUE(refused(std::string("fairlead://pie/client/site-1\0", 29)));
  EXPECT_TRUE(refused(std::string("fairlead://pie/client/site-1\0.evil", 34)));
  EXPECT_TRUE(refused("FAIRLEAD://pie/client/site-1"));
  EXPECT_TRUE(refused("fairlead://pie/Client/site-1"));
  EXPECT_TRUE(refused("fairlead://pie/relay/site-1"));
  EXPECT_TRUE(refused("fairlead://pie/client/site%2D1"));
  EXPECT_TRUE(refused("fairlead://pie/client/site-1?x"));
  EXPECT_TRUE(refused("fairlead://pie/client/site-1#x"));
  EXPECT_TRUE(refused("fairlead://pie/client/site-1 "));
  EXPECT_TRUE(refused("fairlead://user@pie/client/site-1"));
  EXPECT_TRUE(refused("fairlead://pie:80/client/site-1"));
  EXPECT_TRUE(refused("fairlead://pie/client/server"));
  EXPECT_TRUE(refused("fairlead://pie/client/SERVER"));
  EXPECT_TRUE(refused("fairlead://pie/client/" + std::string(256, 'a')));
}

TEST_F(IdentityOf, CaseAndTrailingDotMakeAnotherName) {
  EXPECT_EQ(identity_of(with_uri("fairlead://pie/client/Site-1"))->name, "Site-1");
  EXPECT_EQ(identity_of(with_uri("fairlead://pie/client/site-1."))->name, "site-1.");
}

TEST_F(IdentityOf, TwoAreRefusedAlsoWhenEqualOrInOtherCase) {
  const Certificate plain = with_uri("");
  for (const char* second : {"URI:fairlead://pie/client/site-2", "URI:fairlead://pie/client/site-1",
                             "URI:FAIRLEAD://pie/client/site-2"}) {
    const std::string names = std::string("URI:fairlead://pie/client/site-1,") + second;
    EXPECT_FALSE(identity_of(with_extension(plain, NID_subject_alt_name, names.c_str(), pki_.key())))
        << second;
  }
  const Certificate beside =
      with_extension(plain, NID_subject_alt_name,
                     "URI:fairlead://pie/client/site-1,URI:https://x.example/y,DNS:x", pki_.key());
  EXPECT_EQ(identity_of(beside)->name, "site-1");
}

TEST_F(IdentityOf, ADnsNameIsNoUri) {
  const Certificate leaf =
      with_extension(with_uri(""), NID_subject_alt_name, "DNS:fairlead://pie/client/site-1", pki_.key());
  EXPECT_FALSE(identity_of(leaf));
}

}  // namespace
}  // namespace fairlead::crypto

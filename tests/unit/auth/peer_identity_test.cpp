#include "auth/peer_identity.hpp"

#include "given.hpp"

namespace fairlead::auth {
namespace {

using base::ParticipantType;
using base::Refusal;
using crypto::LegacyRules;

/// Certificates as kits of the reference have them: a common name and no URI.
struct PeerIdentityTest : ::testing::Test {
  crypto::Certificate legacy(std::string name, std::string role = {}) const {
    return authority.issue_without_uri(std::move(name), std::move(role)).certificate;
  }
  base::Checked<crypto::Identity> identity(const crypto::Certificate& leaf,
                                           LegacyRules rules = LegacyRules::yes) const {
    return identity_of_peer(authority.anchor(rules), authority.identity(), leaf);
  }

  Authority authority;
};

TEST_F(PeerIdentityTest, N17_ACommonNameAloneIsNotEnough) {
  EXPECT_EQ(refusal_of(identity(legacy("site-1"), LegacyRules::no)), Refusal::wrong_identity);
}

TEST_F(PeerIdentityTest, AKitOfTheReferenceIsKnownByItsCommonName) {
  const auto site = identity(legacy("site-1"));

  ASSERT_TRUE(site);
  EXPECT_EQ(site->name, "site-1");
  EXPECT_EQ(site->type, ParticipantType::client);
  EXPECT_EQ(site->project, kProject);
}

TEST_F(PeerIdentityTest, AKnownRoleMakesAnAdmin) {
  const auto admin = identity(legacy("ann@example.org", "lead"));

  ASSERT_TRUE(admin);
  EXPECT_EQ(admin->type, ParticipantType::admin);
  EXPECT_EQ(admin->role, "lead");
}

TEST_F(PeerIdentityTest, AnUnknownRoleMakesNoAdmin) {
  EXPECT_EQ(refusal_of(identity(legacy("ann@example.org", "king"))), Refusal::wrong_identity);
}

TEST_F(PeerIdentityTest, TheServersNameMakesTheServer) {
  EXPECT_EQ(identity(legacy(std::string(kServer)))->type, ParticipantType::server);
}

TEST_F(PeerIdentityTest, ARuleOfNamesHoldsForCommonNames) {
  EXPECT_EQ(refusal_of(identity(legacy("Server"))), Refusal::wrong_identity);
  EXPECT_EQ(refusal_of(identity(legacy("a b"))), Refusal::wrong_identity);
}

TEST_F(PeerIdentityTest, AUriCountsEvenInALegacyProject) {
  const Credential site =
      authority.issue(crypto::CertificateUse::client, "site-1", "fairlead://pie/client/site-2");

  EXPECT_EQ(identity(site.certificate)->name, "site-2");
}

TEST_F(PeerIdentityTest, AForeignUriIsNotTheAbsenceOfOne) {
  const Credential site = authority.issue(crypto::CertificateUse::client, "site-1", "urn:something");

  EXPECT_EQ(refusal_of(identity(site.certificate)), Refusal::wrong_identity);
}

TEST_F(PeerIdentityTest, OneKeyIsServerAndTokenSignerInALegacyKit) {
  const std::string name(kServer);
  const auto anchor = authority.anchor(LegacyRules::yes);
  const auto signer = authority.issue_without_uri(name, {}, crypto::CertificateUse::token_signer);

  EXPECT_TRUE(check_server(anchor, authority.identity(), legacy(name)));
  EXPECT_TRUE(check_token_signer(anchor, authority.identity(), signer.certificate, kNow));
  EXPECT_EQ(refusal_of(check_server(anchor, authority.identity(), legacy("other"))), Refusal::wrong_identity);
}

}  // namespace
}  // namespace fairlead::auth

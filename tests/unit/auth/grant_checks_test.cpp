#include "auth/grant_checks.hpp"

#include "auth/token.hpp"
#include "given.hpp"

namespace fairlead::auth {
namespace {

using base::Refusal;

/// A Grant that the client of `world` takes, and what happens to it.
struct GrantTest : ::testing::Test {
  GrantTest() {
    token.sid = grant.sid = {1, 2, 3};
    token.issued = grant.server_time = kNow;
    token.expires = kNow + 1h;
    token.audience = world.client_identity.audience();
    token.certificate_sha256 = world.site.certificate.sha256();
    token.name = token.endpoint = kSite;
    grant.signer_der = world.token.certificate.der();
    grant.lifetime = 1h;
  }
  Refusal check() {
    const SignedToken made = must(sign_token(token, world.token.key));
    grant.token = made.token;
    grant.token_signature = made.signature;
    return check_as_is();
  }
  Refusal check_as_is() {
    return refusal_of(check_grant(grant, world.server.certificate, world.client_config(), base::Digest{}));
  }

  World world;
  Token token;
  Grant grant;
};

TEST_F(GrantTest, TakesWhatFits) { EXPECT_EQ(check(), Refusal{}); }

TEST_F(GrantTest, RefusesAnotherPrelude) {
  grant.prelude = {1};
  EXPECT_EQ(check(), Refusal::downgrade);
}

TEST_F(GrantTest, N06_RefusesATokenOfAnotherProject) {
  ProjectIdentity other = world.client_identity;
  other.project = "tart";
  token.audience = other.audience();
  EXPECT_EQ(check(), Refusal::wrong_audience);
}

TEST_F(GrantTest, N07_RefusesATokenOfAnotherServer) {
  ProjectIdentity other = world.client_identity;
  other.server_name = "other.example";
  token.audience = other.audience();
  EXPECT_EQ(check(), Refusal::wrong_audience);
}

TEST_F(GrantTest, RefusesATokenUnderAnotherRoot) {
  token.audience = Authority().identity().audience();
  EXPECT_EQ(check(), Refusal::wrong_audience);
}

TEST_F(GrantTest, RefusesATokenOfAnotherSession) {
  token.sid = {9};
  EXPECT_EQ(check(), Refusal::bad_token);
}

TEST_F(GrantTest, N02_RefusesATokenOfAnotherName) {
  token.name = token.endpoint = "site-2";
  EXPECT_EQ(check(), Refusal::bad_token);
}

TEST_F(GrantTest, N02_RefusesATokenThatIsNotForThisName) {
  world.name = "site-2";
  EXPECT_EQ(check(), Refusal::bad_token);
}

TEST_F(GrantTest, RefusesATokenOfAnotherEndpoint) {
  token.endpoint = "site-1/other";
  EXPECT_EQ(check(), Refusal::bad_token);
}

TEST_F(GrantTest, RefusesATokenOfAnotherType) {
  token.type = base::ParticipantType::admin;
  EXPECT_EQ(check(), Refusal::bad_token);
}

TEST_F(GrantTest, RefusesATokenOfAnotherCertificate) {
  token.certificate_sha256 = {9};
  EXPECT_EQ(check(), Refusal::bad_token);
}

TEST_F(GrantTest, RefusesATokenThatIsOver) {
  grant.server_time = token.expires;
  EXPECT_EQ(check(), Refusal::expired);
}

TEST_F(GrantTest, RefusesALifeOfNothing) {
  grant.lifetime = 0s;
  EXPECT_EQ(check(), Refusal::expired);
}

TEST_F(GrantTest, TheSessionEndsWithTheShorterOfLifetimeAndToken) {
  const auto life = [&] {
    const SignedToken made = must(sign_token(token, world.token.key));
    grant.token = made.token;
    grant.token_signature = made.signature;
    const auto session = check_grant(grant, world.server.certificate, world.client_config(), base::Digest{});
    return session ? (*session)->current.deadline - world.clock.mono() : std::chrono::nanoseconds{};
  };

  grant.lifetime = 20min;
  EXPECT_EQ(life(), 20min);
  grant.lifetime = 3h;
  EXPECT_EQ(life(), 1h);
}

TEST_F(GrantTest, N01_RefusesAChangedSignature) {
  ASSERT_EQ(check(), Refusal{});
  grant.token_signature.back() ^= 1;
  EXPECT_EQ(check_as_is(), Refusal::bad_token);
}

TEST_F(GrantTest, N05_RefusesSignersThatAreNot) {
  const Authority stranger;
  const auto refusal_for = [&](Credential signer) {
    world.token = std::move(signer);
    grant.signer_der = world.token.certificate.der();
    return check();
  };
  using crypto::CertificateUse;
  const std::string name(kServer);

  EXPECT_EQ(refusal_for(stranger.issue(CertificateUse::token_signer, name)), Refusal::bad_chain);
  EXPECT_EQ(refusal_for(world.authority.issue(CertificateUse::server, name)), Refusal::wrong_usage);
  EXPECT_EQ(refusal_for(world.authority.issue(CertificateUse::client, std::string(kSite))),
            Refusal::wrong_usage);
  EXPECT_EQ(refusal_for(world.authority.issue(
                CertificateUse::token_signer, name,
                crypto::identity_uri(kProject, base::ParticipantType::server, kServer))),
            Refusal::wrong_identity);
  EXPECT_EQ(refusal_for(world.authority.issue(CertificateUse::token_signer, name,
                                              crypto::token_signer_uri("tart", kServer))),
            Refusal::wrong_project);
}

TEST_F(GrantTest, RefusesASignerThatIsNoCertificate) {
  grant.signer_der = {1, 2, 3};
  EXPECT_EQ(check(), Refusal::bad_chain);
}

}  // namespace
}  // namespace fairlead::auth

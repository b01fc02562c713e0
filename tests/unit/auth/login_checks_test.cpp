#include "auth/login_checks.hpp"

#include "given.hpp"

namespace fairlead::auth {
namespace {

using base::ConnectionSecurity;
using base::Refusal;

/// A request that passes; each test changes the one thing that it is about.
struct LoginChecksTest : ::testing::Test {
  LoginChecksTest() {
    request.project = kProject;
    request.name = request.endpoint = kSite;
    request.observed = observe(world.client_facts);
  }
  Refusal check() {
    const Standing standing{{world.site.certificate}, world.site.certificate.sha256()};
    return refusal_of(check_login(request, standing, world.server_config(), world.server_facts, prelude));
  }

  World world;
  LoginRequest request;
  base::Digest prelude{};
};

TEST_F(LoginChecksTest, TakeWhatFits) { EXPECT_EQ(check(), Refusal{}); }

TEST_F(LoginChecksTest, AskForThisProject) {
  request.project = "tart";
  EXPECT_EQ(check(), Refusal::wrong_project);
}

TEST_F(LoginChecksTest, AskForTheCertificatesName) {
  request.name = "site-2";
  EXPECT_EQ(check(), Refusal::wrong_identity);
}

TEST_F(LoginChecksTest, AskForTheCertificatesType) {
  request.type = base::ParticipantType::service;
  EXPECT_EQ(check(), Refusal::wrong_identity);
}

TEST_F(LoginChecksTest, AskForAnEndpointOfThatName) {
  request.endpoint = "site-2";
  EXPECT_EQ(check(), Refusal::wrong_identity);
}

TEST_F(LoginChecksTest, RefuseTheTokenSigner) {
  world.site = world.authority.issue(crypto::CertificateUse::client, std::string(kServer),
                                     crypto::token_signer_uri(kProject, kServer));
  request.name = request.endpoint = kServer;
  request.type = base::ParticipantType::server;
  EXPECT_EQ(check(), Refusal::wrong_identity);
}

TEST_F(LoginChecksTest, AskForTheSamePrelude) {
  prelude[0] = 1;
  EXPECT_EQ(check(), Refusal::downgrade);
}

TEST_F(LoginChecksTest, AskForALinkAsConfigured) {
  world.server_facts.self_proven = false;
  EXPECT_EQ(check(), Refusal::security_floor);
}

TEST_F(LoginChecksTest, N15_AskForTheSameLink) {
  request.configured = ConnectionSecurity::clear;
  request.observed.binding[0] ^= 1;
  EXPECT_EQ(check(), Refusal::binding_mismatch);
}

TEST_F(LoginChecksTest, N15_AskForTheSameLinkWhenTheClientExpectsIt) {
  world.server_security = ConnectionSecurity::tls;
  request.observed.binding[0] ^= 1;
  EXPECT_EQ(check(), Refusal::binding_mismatch);
  request.configured = ConnectionSecurity::tls;
  EXPECT_EQ(check(), Refusal{});
}

TEST_F(LoginChecksTest, AskForTheShownCertificate) {
  world.server_facts.peer_certificate_der.back() ^= 1;
  EXPECT_EQ(check(), Refusal::binding_mismatch);
}

TEST_F(LoginChecksTest, AskForACertificateThatLivesOn) {
  world.clock.advance(std::chrono::hours(24 * 300));
  EXPECT_EQ(check(), Refusal::certificate_expired);
}

}  // namespace
}  // namespace fairlead::auth

#include "auth/login.hpp"

#include "login_outcome.hpp"

namespace fairlead::auth {
namespace {

using base::MessageSecurity;
using base::Refusal;
using crypto::CertificateUse;

TEST(Login, EndsWithALaneAtBothEnds) {
  const LoggedIn pair = GivenLoggedInPair();

  EXPECT_EQ(pair.client_session->id, pair.server_session->id);
  EXPECT_EQ(pair.client_session->current.token, pair.server_session->current.token);
  EXPECT_EQ(pair.client_lane->level(), MessageSecurity::mac);
  EXPECT_EQ(pair.server_lane->level(), MessageSecurity::mac);
  EXPECT_EQ(pair.world->sessions.at(kSite), pair.server_session);
}

TEST(Login, SaysWhoLoggedIn) {
  const LoggedIn pair = GivenLoggedInPair([](World& w) { w.endpoint = "site-1/trainer"; });

  EXPECT_EQ(pair.server_session->endpoint.text(), "site-1/trainer");
  EXPECT_EQ(pair.server_session->participant(), kSite);
  EXPECT_EQ(pair.server_session->type, base::ParticipantType::client);
  EXPECT_EQ(pair.server_session->org, "pies");
  EXPECT_EQ(pair.client_session->org, "pies");
}

TEST(Login, EndsATokenWithItsCertificate) {
  const LoggedIn pair = GivenLoggedInPair([](World& w) {
    w.site = w.authority.issue(CertificateUse::client, std::string(kSite), {}, 1h);
    w.clock.advance(45min);
    w.server_facts = mtls_link(w.site);
  });

  EXPECT_EQ(pair.server_session->current.expires, kNow + 1h);
  EXPECT_EQ(pair.client_session->current.deadline, pair.world->clock.mono() + 15min);
}

TEST(Login, MeasuresTheLifeOfATokenWithTheServersClock) {
  const LoggedIn pair = GivenLoggedInPair();

  EXPECT_EQ(pair.client_session->current.deadline, pair.world->clock.mono() + 1h);
  EXPECT_EQ(pair.client_session->current.renew_after, 45min);
}

TEST(Login, RefusesATokenSignedByAnybodyElse) {
  // N05: the login key, and a site's key.
  for (const auto use : {CertificateUse::server, CertificateUse::client}) {
    const Outcome outcome =
        outcome_of([&](World& w) { w.token = w.authority.issue(use, std::string(kServer)); });
    EXPECT_TRUE(outcome.client == Refusal::wrong_usage || outcome.client == Refusal::wrong_identity);
    EXPECT_EQ(outcome.server, std::nullopt);
  }
}

TEST(Login, RefusesATokenOfAnotherServersSigner) {
  const Outcome outcome = outcome_of(
      [](World& w) { w.token = w.authority.issue(CertificateUse::token_signer, "other.example"); });

  EXPECT_EQ(outcome.client, Refusal::wrong_identity);
}

TEST(Login, RefusesATokenForAnotherCertificate) {
  World world;
  Connection connection(world);
  connection.client_config.certificate_sha256 = base::Digest{1};
  connection.run();

  EXPECT_EQ(connection.client_step.refused, Refusal::bad_token);
}

TEST(Login, N30_RefusesATokenKeyThatIsNotItsCertificates) {
  World world;
  world.token.key = must(crypto::PrivateKey::generate(crypto::KeyType::p256));

  EXPECT_FALSE(make_own_session(world.server_config(), "server"));
}

TEST(Login, N30_RefusesATokenCertificateThatIsNone) {
  World world;
  world.token = world.authority.issue(CertificateUse::server, std::string(kServer));

  EXPECT_FALSE(make_own_session(world.server_config(), "server"));
}

TEST(Login, GivesTheServerASessionOfItsOwn) {
  World world;

  const auto own = make_own_session(world.server_config(), "server");

  ASSERT_TRUE(own);
  EXPECT_EQ((*own)->type, base::ParticipantType::server);
  EXPECT_EQ((*own)->participant(), "server");
  EXPECT_EQ((*own)->current.expires, world.token.certificate.not_after());
}

TEST(Login, LeavesNoSessionWhenTheLaneIsNotOpened) {
  World world;
  Connection connection(world);
  connection.to_server_tap = [](base::Bytes& frame) {
    if (frame[4] == static_cast<uint8_t>(frame::FrameType::lane_open)) frame.clear();
  };
  connection.run();
  ASSERT_EQ(world.sessions.size(), 1u);

  world.clock.advance(10s);
  world.sessions.sweep(world.clock.mono(), 120s);

  EXPECT_EQ(world.sessions.size(), 0u);
}

}  // namespace
}  // namespace fairlead::auth

// Logins under revocation lists: what each end refuses, and what the other one learns.
#include "login_outcome.hpp"

namespace fairlead::auth {
namespace {

using base::Refusal;
using crypto::CrlRules;

TEST(Login, N18_RefusesARevokedClientWithoutSayingWhy) {
  for (const CrlRules rules : {CrlRules::lenient, CrlRules::strict}) {
    const Outcome outcome = outcome_of([&](World& w) {
      w.server_anchor.revoked = w.authority.revoking({w.site.certificate});
      w.server_anchor.crl = rules;
    });

    EXPECT_EQ(outcome.server, Refusal::certificate_revoked);
    EXPECT_EQ(outcome.client, Refusal::login_refused);
  }
}

TEST(Login, N18_AcceptsWhoIsNotNamedByTheList) {
  GivenLoggedInPair([](World& w) {
    w.server_anchor.revoked = w.authority.revoking({w.server.certificate});
    w.server_anchor.crl = CrlRules::strict;
  });
}

TEST(Login, N18_RefusesEverybodyWithoutAListUnderStrictRules) {
  const Outcome outcome = outcome_of([](World& w) { w.server_anchor.crl = CrlRules::strict; });

  EXPECT_EQ(outcome.server, Refusal::crl_stale);
  EXPECT_EQ(outcome.client, Refusal::login_refused);
}

TEST(Login, N18_RefusesEverybodyUnderAStaleListAndStrictRules) {
  const Outcome outcome = outcome_of([](World& w) {
    w.server_anchor.revoked = w.authority.revoking({}, kNow);
    w.server_anchor.crl = CrlRules::strict;
  });

  EXPECT_EQ(outcome.server, Refusal::crl_stale);
  EXPECT_EQ(outcome.client, Refusal::login_refused);
}

TEST(Login, N18_AcceptsUnderAStaleListAndLenientRules) {
  GivenLoggedInPair([](World& w) { w.server_anchor.revoked = w.authority.revoking({}, kNow); });
}

TEST(Login, N18_RefusesARevokedClientUnderAStaleList) {
  const Outcome outcome = outcome_of(
      [](World& w) { w.server_anchor.revoked = w.authority.revoking({w.site.certificate}, kNow); });

  EXPECT_EQ(outcome.server, Refusal::certificate_revoked);
  EXPECT_EQ(outcome.client, Refusal::login_refused);
}

TEST(Login, N18_ClientRefusesARevokedServer) {
  const Outcome outcome =
      outcome_of([](World& w) { w.client_anchor.revoked = w.authority.revoking({w.server.certificate}); });

  EXPECT_EQ(outcome.client, Refusal::certificate_revoked);
}

TEST(Login, N18_ClientRefusesARevokedTokenSigner) {
  const Outcome outcome =
      outcome_of([](World& w) { w.client_anchor.revoked = w.authority.revoking({w.token.certificate}); });

  EXPECT_EQ(outcome.client, Refusal::certificate_revoked);
}

TEST(Login, RefusesWhoWasRevokedDuringTheHandshake) {
  World world;
  Connection connection(world);
  // The question about disabled names comes after the handshake has judged the chain.
  world.revocation.on_question = [&] {
    world.server_anchor.revoked = world.authority.revoking({world.site.certificate});
  };

  connection.run();

  EXPECT_EQ(connection.server_step.refused, Refusal::certificate_revoked);
  EXPECT_EQ(connection.client_step.refused, Refusal::certificate_revoked);
  EXPECT_FALSE(connection.server.made_session());  // before the grant, and not only at the lane
  EXPECT_EQ(world.sessions.size(), 0u);
}

TEST(Login, ClientRefusesAServerThatWasRevokedDuringTheHandshake) {
  World world;
  Connection connection(world);
  world.revocation.on_question = [&] {
    world.client_anchor.revoked = world.authority.revoking({world.server.certificate});
  };

  connection.run();

  EXPECT_EQ(connection.client_step.refused, Refusal::certificate_revoked);
}

TEST(Login, OpensNoFurtherLaneForARevokedClient) {
  LoggedIn pair = GivenLoggedInPair();
  pair.world->server_anchor.revoked = pair.world->authority.revoking({pair.world->site.certificate});
  Connection further(*pair.world, pair.client_session.get());

  further.run();

  EXPECT_EQ(further.server_step.refused, Refusal::certificate_revoked);
}

TEST(Login, OpensNoFurtherLaneUnderAStaleListAndStrictRules) {
  LoggedIn pair = GivenLoggedInPair();
  pair.world->server_anchor.revoked = pair.world->authority.revoking({}, kNow);
  pair.world->server_anchor.crl = CrlRules::strict;
  Connection further(*pair.world, pair.client_session.get());

  further.run();

  EXPECT_EQ(further.server_step.refused, Refusal::crl_stale);
}

}  // namespace
}  // namespace fairlead::auth

// Logins of third parties by delegation: N47 of the catalogue, both machines in memory.
#include "auth/login_checks.hpp"
#include "auth/renewal.hpp"
#include "auth/session_revocation.hpp"
#include "delegate_given.hpp"

namespace fairlead::auth {
namespace {

using base::Refusal;
using crypto::CertificateUse;
using crypto::Delegation;

LoggedIn GivenDelegate(const ChangeDelegation& change = {}) {
  return GivenLoggedInPair([&](World& world) { make_delegate(world, change); });
}

/// Refused before the site is known: the peer is not told why.
void expect_silent(const Outcome& outcome, Refusal code) {
  EXPECT_EQ(outcome.server, code) << outcome.server_detail;
  EXPECT_EQ(outcome.client, Refusal::login_refused);
}

void expect_told(const Outcome& outcome, Refusal code) {
  EXPECT_EQ(outcome.server, code) << outcome.server_detail;
  EXPECT_EQ(outcome.client, code);
}

TEST(DelegateLogin, LogsInAsTheEndpointThatItWasGiven) {
  const LoggedIn pair = GivenDelegate();

  EXPECT_EQ(pair.server_session->endpoint.text(), kSensor);
  EXPECT_EQ(pair.server_session->participant(), kSite);
  EXPECT_EQ(pair.server_session->type, base::ParticipantType::client);
  EXPECT_EQ(pair.server_session->org, "pies");
  EXPECT_EQ(pair.server_session->topics, (std::vector<std::string>{"metrics", "round/*"}));
  EXPECT_EQ(pair.server_session->certificate_sha256, pair.world->holder->certificate.sha256());
}

TEST(DelegateLogin, LeavesParticipantsWithoutTopics) {
  EXPECT_FALSE(GivenLoggedInPair().server_session->topics.has_value());
}

TEST(DelegateLogin, EndsWithTheDelegation) {
  const LoggedIn pair = GivenDelegate([](Delegation& d) { d.expires = kNow + 10min; });

  EXPECT_EQ(pair.server_session->current.expires, kNow + 10min);
  EXPECT_EQ(pair.server_session->certificate_expires, kNow + 10min);
}

TEST(DelegateLogin, AdmitsNothingAtTheMomentOfTheDelegationsEnd) {
  LoggedIn pair = GivenDelegate([](Delegation& d) { d.expires = kNow + 10min; });
  Draft draft = a_draft();
  draft.from = kSensor;
  const base::Bytes in_time = pair.client_sends(compose(draft)), late = pair.client_sends(compose(draft));
  pair.world->clock.advance(10min - 1ms);
  EXPECT_TRUE(pair.server_takes(in_time));
  pair.world->clock.advance(1ms);

  EXPECT_EQ(refusal_of(pair.server_takes(late)), Refusal::expired);
}

TEST(DelegateLogin, N42SpeaksForNoOtherEndpointOfItsSite) {
  for (const char* from : {"site-1", "site-1/other", "site-1/sensors", "server"}) {
    LoggedIn pair = GivenDelegate();
    Draft draft = a_draft();
    draft.from = from;
    EXPECT_EQ(refusal_of(pair.server_takes(pair.client_sends(compose(draft)))), Refusal::bad_origin) << from;
  }
}

TEST(DelegateLogin, N47RefusesADelegationThatIsOver) {
  expect_told(delegate_outcome([](Delegation& d) { d.expires = kNow + 1min; },
                               [](World& w) { w.clock.advance(1min); }),
              Refusal::certificate_expired);
  EXPECT_EQ(delegate_outcome([](Delegation& d) { d.expires = kNow + 1min; },
                             [](World& w) { w.clock.advance(1min - 1ms); })
                .server,
            std::nullopt);
}

TEST(DelegateLogin, N47RefusesADelegationFromTheFuture) {
  const auto ahead = [](std::chrono::milliseconds time) {
    return delegate_outcome([&](Delegation& d) {
      d.issued = kNow + time;
      d.expires = d.issued + 1h;
    });
  };

  EXPECT_EQ(ahead(5min).server, std::nullopt);
  expect_told(ahead(5min + 1ms), Refusal::not_yet_valid);
}

TEST(DelegateLogin, N47RefusesADelegationForMoreThanADay) {
  EXPECT_EQ(delegate_outcome([](Delegation& d) { d.expires = kNow + 24h; }).server, std::nullopt);
  expect_told(delegate_outcome([](Delegation& d) { d.expires = kNow + 24h + 1ms; }), Refusal::wrong_usage);
}

TEST(DelegateLogin, N47RefusesADelegationThatOutlivesTheSitesCertificate) {
  const auto with_certificate_for = [](std::chrono::hours life) {
    return outcome_of([&](World& world) {
      world.site = world.authority.issue(CertificateUse::client, std::string(kSite), {}, life);
      make_delegate(world, [](Delegation& d) { d.expires = kNow + 2h; });
    });
  };

  EXPECT_EQ(with_certificate_for(2h).server, std::nullopt);
  expect_told(with_certificate_for(1h), Refusal::wrong_usage);
}

TEST(DelegateLogin, N47RefusesTheDelegationOfAnotherSite) {
  const Outcome outcome = outcome_of([](World& world) {
    world.site = world.authority.issue(CertificateUse::client, "site-2");
    make_delegate(world);
  });

  expect_told(outcome, Refusal::wrong_identity);
}

TEST(DelegateLogin, N47RefusesAnotherSitesEndpointInADelegationOfItsOwn) {
  const Outcome outcome = outcome_of([](World& world) {
    world.site = world.authority.issue(CertificateUse::client, "site-2");
    make_delegate(world);
    world.name = "site-2";
    world.endpoint = "site-2/sensor";
  });

  expect_told(outcome, Refusal::wrong_identity);
}

TEST(DelegateLogin, N47RefusesADelegationForOneEndpointUnderTheNameOfAnother) {
  expect_told(delegate_outcome({}, [](World& w) { w.endpoint = "site-1/other"; }), Refusal::wrong_identity);
  expect_told(delegate_outcome({}, [](World& w) { w.endpoint = kSite; }), Refusal::wrong_identity);
}

TEST(DelegateLogin, N47RefusesADelegationOfTheSiteAsAWhole) {
  expect_told(
      delegate_outcome([](Delegation& d) { d.endpoint = kSite; }, [](World& w) { w.endpoint = kSite; }),
      Refusal::wrong_identity);
}

TEST(DelegateLogin, N47RefusesADelegationOfAnAdministrator) {
  const Outcome outcome = outcome_of([](World& world) {
    world.name = "ann@example.org";
    world.type = base::ParticipantType::admin;
    world.site = world.authority.issue(CertificateUse::admin, world.name);
    make_delegate(world, [](Delegation& d) { d.endpoint = "ann@example.org/cron"; });
    world.endpoint = "ann@example.org/cron";
  });

  expect_told(outcome, Refusal::wrong_identity);
}

TEST(DelegateLogin, TakesADelegationOfAService) {
  const Outcome outcome = outcome_of([](World& world) {
    world.name = "service-1";
    world.type = base::ParticipantType::service;
    world.site = world.authority.issue(CertificateUse::service, world.name);
    make_delegate(world, [](Delegation& d) { d.endpoint = "service-1/cron"; });
    world.endpoint = "service-1/cron";
  });

  EXPECT_EQ(outcome.server, std::nullopt) << outcome.server_detail;
}

TEST(DelegateLogin, N47RefusesADelegationOfADisabledSite) {
  expect_told(delegate_outcome({}, [](World& w) { w.revocation.names = {std::string(kSite)}; }),
              Refusal::disabled);
}

TEST(DelegateLogin, N47RefusesADelegationOfARevokedSite) {
  const Outcome outcome = delegate_outcome(
      {}, [](World& w) { w.server_anchor.revoked = w.authority.revoking({w.site.certificate}); });

  expect_silent(outcome, Refusal::certificate_revoked);
}

TEST(DelegateLogin, N47RefusesADelegationForAnotherServer) {
  expect_silent(delegate_outcome([](Delegation& d) { d.audience = {1}; }), Refusal::wrong_audience);
}

TEST(DelegateLogin, N47RefusesADelegationForAnotherKey) {
  expect_silent(delegate_outcome({}, [](World& w) { w.holder = self_signed(); }), Refusal::wrong_identity);
}

TEST(DelegateLogin, N47RefusesASignatureThatIsNotTheSites) {
  const Outcome outcome = delegate_outcome({}, [](World& w) {
    const crypto::Delegation wish = *crypto::decode_delegation(w.delegation->made.delegation);
    w.delegation->made = must(crypto::sign_delegation(wish, w.holder->key));
  });

  expect_silent(outcome, Refusal::bad_chain);
}

TEST(DelegateLogin, N47RefusesASiteOfAnotherRoot) {
  const Authority stranger;
  const Outcome outcome = outcome_of([&](World& world) {
    world.site = stranger.issue(CertificateUse::client, std::string(kSite));
    make_delegate(world);
  });

  expect_silent(outcome, Refusal::bad_chain);
}

TEST(DelegateLogin, N47RefusesASiteWhoseCertificateIsOver) {
  const Outcome outcome = outcome_of([](World& world) {
    world.site = world.authority.issue(CertificateUse::client, std::string(kSite), {}, 1h);
    make_delegate(world, [](Delegation& d) { d.expires = kNow + 30min; });
    world.clock.advance(2h);
  });

  expect_silent(outcome, Refusal::certificate_expired);
}

TEST(DelegateLogin, N47RefusesADelegationByTheServersOwnCertificate) {
  const Outcome outcome = outcome_of([](World& world) {
    world.site = world.authority.issue(CertificateUse::server, std::string(kSite));
    make_delegate(world);
  });

  expect_silent(outcome, Refusal::wrong_usage);
}

TEST(DelegateLogin, N47RefusesBytesThatAreNoDelegation) {
  expect_silent(delegate_outcome({}, [](World& w) { w.delegation->made.delegation[0] ^= 1; }),
                Refusal::malformed);
  expect_silent(delegate_outcome({},
                                 [](World& w) {
                                   w.delegation->site_chain = {base::Bytes{1, 2, 3}};
                                 }),
                Refusal::bad_chain);
}

TEST(DelegateLogin, N47RefusesADelegateWithoutADelegation) {
  expect_silent(delegate_outcome({}, [](World& w) { w.delegation.reset(); }), Refusal::wrong_identity);
}

TEST(DelegateLogin, N47RefusesAParticipantWithADelegation) {
  const Outcome outcome = outcome_of([](World& world) {
    make_delegate(world);
    world.holder.reset();
  });

  expect_told(outcome, Refusal::wrong_identity);
}

TEST(DelegateLogin, N47RefusesAnotherNameThanTheSites) {
  expect_told(delegate_outcome({}, [](World& w) { w.name = "site-2"; }), Refusal::wrong_identity);
}

TEST(DelegateLogin, RefusesARequestThatIsNoneWithoutSayingWhy) {
  expect_silent(delegate_outcome({}, [](World& w) { w.delegation->site_chain.assign(5, {1}); }),
                Refusal::bad_headers);
}

TEST(DelegateLogin, N15CannotComeOverAMutualLinkOfItsSite) {
  const Outcome outcome = delegate_outcome({}, [](World& w) {
    w.server_security = base::ConnectionSecurity::mtls;
    w.server_facts = mtls_link(w.site);
  });

  expect_told(outcome, Refusal::binding_mismatch);
}

TEST(DelegateLogin, EndsWhenItsSiteIsRevoked) {
  const LoggedIn pair = GivenDelegate();
  crypto::TrustAnchor anchor = pair.world->server_anchor;
  EXPECT_TRUE(check_live(*pair.server_session, anchor));

  anchor.revoked = pair.world->authority.revoking({pair.world->site.certificate});

  EXPECT_EQ(refusal_of(check_live(*pair.server_session, anchor)), Refusal::certificate_revoked);
}

/// The server's answer to a RENEW of a delegate after `change`.
Refusal renewal_after(const std::function<void(LoggedIn&)>& change, std::chrono::milliseconds expires = 1h) {
  LoggedIn pair = GivenDelegate([&](Delegation& d) { d.expires = kNow + expires; });
  change(pair);
  const auto asked = must(ClientRenewal::make(pair.world->random));
  frame::Outbox to_server(pair.world->memory), to_client(pair.world->memory);
  asked.ask(*pair.client_lane, to_server);
  base::Checked<void> answer;
  base::Bytes frames = Connection::take(to_server);
  each_frame(frames, [&](const frame::FrameView& frame) {
    const ServerLoginConfig rules = pair.world->server_config();
    answer = pair.server_gate.admit_control(frame, *pair.server_lane, *pair.server_session,
                                            pair.world->clock.mono());
    if (answer)
      answer = answer_renewal(frame.body, *pair.server_session, rules, *pair.server_lane, to_client);
  });
  if (answer) {
    EXPECT_EQ(pair.server_session->next->expires, pair.server_session->certificate_expires);
  }
  return refusal_of(answer);
}

TEST(DelegateLogin, RenewsUpToTheEndOfTheDelegationOnly) {
  EXPECT_EQ(renewal_after([](LoggedIn& pair) { pair.world->clock.advance(30min); }), Refusal{});
}

TEST(DelegateLogin, N47IsNotRenewedForADisabledSite) {
  EXPECT_EQ(renewal_after([](LoggedIn& pair) { pair.world->revocation.names = {std::string(kSite)}; }),
            Refusal::disabled);
}

TEST(DelegateLogin, N47IsNotRenewedForARevokedSite) {
  EXPECT_EQ(renewal_after([](LoggedIn& pair) {
              World& w = *pair.world;
              w.server_anchor.revoked = w.authority.revoking({w.site.certificate});
            }),
            Refusal::certificate_revoked);
}

}  // namespace
}  // namespace fairlead::auth

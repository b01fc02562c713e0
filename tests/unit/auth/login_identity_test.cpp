#include "auth/login.hpp"
#include "login_outcome.hpp"

namespace fairlead::auth {
namespace {

using base::Refusal;
using crypto::CertificateUse;

TEST(Login, GivesAnAdminTheRoleOfItsCertificate) {
  const LoggedIn pair = GivenLoggedInPair([](World& w) {
    w.name = w.endpoint = "ann@example.org";
    w.type = base::ParticipantType::admin;
    w.site = w.authority.issue(CertificateUse::admin, w.name);
    w.server_facts = mtls_link(w.site);
  });

  EXPECT_EQ(pair.server_session->role, "lead");
}

TEST(Login, N16_RefusesAnotherSitesCertificate) {
  const Outcome outcome = outcome_of([](World& w) {
    w.site = w.authority.issue(CertificateUse::client, "site-2");
    w.server_facts = mtls_link(w.site);
  });

  EXPECT_EQ(outcome.server, Refusal::wrong_identity);
  EXPECT_EQ(outcome.client, Refusal::wrong_identity);
}

TEST(Login, N17_RefusesTheRightCommonNameWithAnotherUri) {
  const Outcome outcome = outcome_of([](World& w) {
    w.site = w.authority.issue(CertificateUse::client, std::string(kSite), "fairlead://pie/client/site-2");
    w.server_facts = mtls_link(w.site);
  });

  EXPECT_EQ(outcome.server, Refusal::wrong_identity);
}

TEST(Login, N17_ComparesNamesAsExactBytes) {
  for (const char* name : {"Site-1", "site-1.", "site-1 "}) {
    const Outcome outcome = outcome_of([&](World& w) { w.name = w.endpoint = name; });
    EXPECT_EQ(outcome.server, Refusal::wrong_identity) << name;
  }
}

TEST(Login, N18_RefusesAnotherRootWithoutSayingWhy) {
  const Authority stranger;
  const Outcome outcome = outcome_of([&](World& w) {
    w.site = stranger.issue(CertificateUse::client, std::string(kSite));
    w.server_facts = mtls_link(w.site);
  });

  EXPECT_EQ(outcome.server, Refusal::bad_chain);
  EXPECT_EQ(outcome.client, Refusal::login_refused);
}

TEST(Login, N18_RefusesAnExpiredCertificateWithoutSayingWhy) {
  const Outcome outcome = outcome_of([](World& w) {
    w.site = w.authority.issue(CertificateUse::client, std::string(kSite), {}, std::chrono::hours(1));
    w.server_facts = mtls_link(w.site);
    w.clock.advance(std::chrono::hours(2));
  });

  EXPECT_EQ(outcome.server, Refusal::certificate_expired);
  EXPECT_EQ(outcome.client, Refusal::login_refused);
}

TEST(Login, N18_RefusesACertificateThatIsNotYetValid) {
  const Outcome outcome = outcome_of([](World& w) {
    w.server_anchor = w.client_anchor;
    w.clock.set_wall_back(std::chrono::hours(2));
  });

  EXPECT_EQ(outcome.client, Refusal::not_yet_valid);
}

TEST(Login, UsesOneReferenceForThePeerAndTheLog) {
  const Authority stranger;
  const Outcome outcome =
      outcome_of([&](World& w) { w.site = stranger.issue(CertificateUse::client, std::string(kSite)); });

  ASSERT_EQ(outcome.client_detail.size(), std::string("reference 01234567").size());
  EXPECT_EQ(outcome.server_detail.substr(0, outcome.client_detail.size()), outcome.client_detail);
}

TEST(Login, N19_RefusesAServersCertificateFromAClient) {
  const Outcome outcome = outcome_of([](World& w) {
    w.site = w.authority.issue(CertificateUse::server, std::string(kSite));
    w.server_facts = mtls_link(w.site);
  });

  EXPECT_EQ(outcome.server, Refusal::wrong_usage);
  EXPECT_EQ(outcome.client, Refusal::login_refused);
}

TEST(Login, N20_RefusesASiteThatPosesAsTheServer) {
  const Outcome outcome = outcome_of([](World& w) {
    w.server = w.authority.issue(CertificateUse::client, "site-2");
    w.client_facts = mtls_link(w.server);
  });

  EXPECT_EQ(outcome.client, Refusal::wrong_usage);
}

TEST(Login, N20_RefusesAServerOfAnotherName) {
  const Outcome outcome = outcome_of([](World& w) {
    w.server = w.authority.issue(CertificateUse::server, "other.example");
    w.client_facts = mtls_link(w.server);
  });

  EXPECT_EQ(outcome.client, Refusal::wrong_identity);
}

TEST(Login, N20_RefusesAClientsNameThatIsTheServers) {
  const Outcome outcome = outcome_of([](World& w) {
    w.server = w.authority.issue(CertificateUse::server, std::string(kServer),
                                 crypto::identity_uri(kProject, base::ParticipantType::client, kServer));
    w.client_facts = mtls_link(w.server);
  });

  EXPECT_EQ(outcome.client, Refusal::wrong_identity);
}

TEST(Login, N20_RefusesTheTokenKeyAsALoginServer) {
  const Outcome outcome = outcome_of([](World& w) {
    w.server = w.authority.issue(CertificateUse::server, std::string(kServer),
                                 crypto::token_signer_uri(kProject, kServer));
    w.client_facts = mtls_link(w.server);
  });

  EXPECT_EQ(outcome.client, Refusal::wrong_identity);
}

TEST(Login, N20_RefusesAServerOfAnotherProject) {
  const Outcome outcome = outcome_of([](World& w) {
    w.server = w.authority.issue(CertificateUse::server, std::string(kServer),
                                 crypto::identity_uri("tart", base::ParticipantType::server, kServer));
    w.client_facts = mtls_link(w.server);
  });

  EXPECT_EQ(outcome.client, Refusal::wrong_project);
}

TEST(Login, N21_RefusesAClientThatAsksToBeAnAdmin) {
  for (const auto type :
       {base::ParticipantType::admin, base::ParticipantType::service, base::ParticipantType::server}) {
    const Outcome outcome = outcome_of([&](World& w) { w.type = type; });
    EXPECT_EQ(outcome.server, Refusal::wrong_identity) << base::name(type);
  }
}

TEST(Login, N21_LetsNobodyLogInAsTheServer) {
  const Outcome outcome = outcome_of([](World& w) {
    w.name = w.endpoint = std::string(kServer);
    w.type = base::ParticipantType::server;
    w.site = w.authority.issue(CertificateUse::client, std::string(kServer),
                               crypto::identity_uri(kProject, base::ParticipantType::server, kServer));
    w.server_facts = mtls_link(w.site);
  });

  EXPECT_EQ(outcome.server, Refusal::wrong_identity);
}

TEST(Login, N22_RefusesACertificateOfAnotherProject) {
  const Outcome outcome = outcome_of([](World& w) {
    w.site = w.authority.issue(CertificateUse::client, std::string(kSite),
                               crypto::identity_uri("tart", base::ParticipantType::client, kSite));
    w.server_facts = mtls_link(w.site);
  });

  EXPECT_EQ(outcome.server, Refusal::wrong_project);
  EXPECT_EQ(outcome.client, Refusal::wrong_project);
}

TEST(Login, N22_RefusesAHelloForAnotherAudience) {
  const auto wrong = [](World& w) { w.client_identity.project = "tart"; };
  const Outcome outcome = outcome_of(wrong);

  EXPECT_EQ(outcome.server, Refusal::wrong_audience);
  EXPECT_EQ(outcome.client, Refusal::login_refused);
}

TEST(Login, RefusesAnEndpointOfSomebodyElse) {
  for (const char* endpoint : {"site-2", "site-1x", "site-2/site-1", "site-1/", "site-1/a/b"}) {
    const Outcome outcome = outcome_of([&](World& w) { w.endpoint = endpoint; });
    EXPECT_EQ(outcome.server, Refusal::wrong_identity) << endpoint;
  }
}

TEST(Login, RefusesADisabledName) {
  const Outcome outcome = outcome_of([](World& w) { w.revocation.names = {std::string(kSite)}; });

  EXPECT_EQ(outcome.server, Refusal::disabled);
  EXPECT_EQ(outcome.client, Refusal::disabled);
}

TEST(Login, N23_AsksAgainWhetherTheNameIsDisabledBeforeTheGrant) {
  World world;
  int questions = 0;
  world.revocation.on_question = [&] {
    if (++questions == 2) world.revocation.names = {std::string(kSite)};
  };
  Connection connection(world);
  connection.run();

  EXPECT_EQ(connection.server_step.refused, Refusal::disabled);
  EXPECT_EQ(world.sessions.size(), 0u);
}

TEST(Login, N23_AsksAgainWhetherTheNameIsDisabledForTheLane) {
  World world;
  int questions = 0;
  world.revocation.on_question = [&] {
    if (++questions == 3) world.revocation.names = {std::string(kSite)};
  };
  Connection connection(world);
  connection.run();

  EXPECT_EQ(connection.server_step.refused, Refusal::disabled);
  EXPECT_EQ(connection.client_step.refused, Refusal::disabled);
  EXPECT_EQ(world.sessions.size(), 0u);
}

TEST(Login, RefusesWhenTheTableIsFull) {
  World world;
  Connection connection(world);
  for (uint8_t i = 0; i < 100; ++i) {
    auto other = std::make_unique<Session>();
    other->id = {i, 1};
    other->endpoint = must(base::Endpoint::parse("other"));
    other->instance = {i, 9};
    other->current.deadline = world.clock.mono() + 1h;
    world.sessions.add(std::move(other), world.clock.mono());
  }
  connection.run();

  EXPECT_EQ(connection.server_step.refused, Refusal::quota);
  EXPECT_EQ(connection.client_step.refused, Refusal::quota);
}

}  // namespace
}  // namespace fairlead::auth

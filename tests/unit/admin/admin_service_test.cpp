#include "admin/admin_service.hpp"

#include "given.hpp"

namespace fairlead::admin {
namespace {

using base::Refusal;

class Service : public testing::Test, protected GivenService {
 protected:
  auth::Session& boss_ = log_in(an_admin("project_admin", "hq"));
};

TEST_F(Service, KickEndsEverySessionOfAParticipantAndNoOther) {
  SilentUser user;
  log_in({"site-1"}, &user);
  log_in({"site-1/trainer"});
  start_login({"site-1/half"});
  log_in({"site-10"});
  log_in({"site-2"});

  const base::Json answer = must(ask_for(boss_, "kick", "site-1"));

  EXPECT_EQ(answer["ended"].integer(), 3);
  EXPECT_EQ(user.told, Refusal::revoked);
  EXPECT_EQ(sessions.size(), 3u);
  EXPECT_NE(sessions.at("site-10"), nullptr);
  EXPECT_NE(sessions.at("site-2"), nullptr);
  EXPECT_FALSE(is_disabled("site-1"));
}

TEST_F(Service, KickOfNobodyEndsNothing) {
  EXPECT_EQ(must(ask_for(boss_, "kick", "site-1"))["ended"].integer(-1), 0);
}

TEST_F(Service, DisableEndsSessionsAndStaysAfterARestart) {
  SilentUser user;
  log_in({"site-1"}, &user);
  start_login({"site-1/half"});

  const base::Json answer = must(ask_for(boss_, "disable", "site-1"));
  open();

  EXPECT_TRUE(answer["changed"].boolean());
  EXPECT_EQ(answer["ended"].integer(), 2);
  EXPECT_EQ(user.told, Refusal::disabled);
  EXPECT_EQ(sessions.at("site-1"), nullptr);
  EXPECT_TRUE(is_disabled("site-1"));
}

TEST_F(Service, WhoeverHasNotLoggedInYetCanBeDisabled) {
  const base::Json answer = must(ask_for(boss_, "disable", "site-7"));

  EXPECT_TRUE(answer["changed"].boolean());
  EXPECT_EQ(answer["ended"].integer(-1), 0);
  EXPECT_TRUE(is_disabled("site-7"));
}

TEST_F(Service, DisablingTwiceSaysSo) {
  must(ask_for(boss_, "disable", "site-1"));

  EXPECT_FALSE(must(ask_for(boss_, "disable", "site-1"))["changed"].boolean(true));
  EXPECT_TRUE(is_disabled("site-1"));
}

TEST_F(Service, EnableLetsInAgainAlsoAfterARestart) {
  must(ask_for(boss_, "disable", "site-1"));

  EXPECT_TRUE(must(ask_for(boss_, "enable", "site-1"))["changed"].boolean());
  EXPECT_FALSE(must(ask_for(boss_, "enable", "site-1"))["changed"].boolean(true));
  open();

  EXPECT_FALSE(is_disabled("site-1"));
}

TEST_F(Service, DrainIsPassedOn) {
  EXPECT_TRUE(must(ask(boss_, "drain"))["draining"].boolean());
  EXPECT_EQ(node.drains, 1);
}

TEST_F(Service, ReloadIsPassedOnAndItsOutcomeComesBack) {
  EXPECT_TRUE(must(ask(boss_, "reload"))["reloaded"].boolean());
  node.reloaded = base::fail(base::ErrorCode::bad_configuration, "no such kit");

  EXPECT_EQ(ask(boss_, "reload").error().text, "no such kit");
  EXPECT_EQ(node.reloads, 2);
}

TEST_F(Service, SessionsAreListedWithTheirConnection) {
  SilentUser user;
  log_in({"site-1", "north"}, &user);
  log_in({"site-2", "south"});
  start_login({"site-3", "south"});

  const base::Json answer = must(ask(boss_, "sessions"));

  ASSERT_EQ(answer["sessions"].items().size(), 3u) << answer.dump();
  const base::Json& first = answer["sessions"].items()[1];
  EXPECT_EQ(first["endpoint"].text(), "site-1");
  EXPECT_EQ(first["type"].text(), "client");
  EXPECT_EQ(first["org"].text(), "north");
  EXPECT_EQ(first["address"].text(), "192.0.2.1:40000");
  EXPECT_EQ(first["protocol"].text(), "TLSv1.3");
  EXPECT_EQ(first["message_security"].text(), "mac");
  EXPECT_EQ(first["connected_s"].integer(), 61);
  EXPECT_EQ(first["token_expires_in_s"].integer(), 3600);
  EXPECT_EQ(first["connections"].integer(), 1);
  EXPECT_TRUE(answer["sessions"].items()[2]["address"].is_null());
}

TEST_F(Service, ThirdPartiesAreListedWithTheirTopics) {
  log_in({"site-1", "north"});
  log_in({"site-1/sensor", "north"}).topics = {"metrics", "round/*"};

  const base::Json answer = must(ask(boss_, "sessions"));

  EXPECT_TRUE(answer["sessions"].items()[1]["topics"].is_null());
  EXPECT_EQ(answer["sessions"].items()[2]["topics"].dump(), R"(["metrics","round/*"])");
}

TEST_F(Service, DisabledParticipantsAreListed) {
  log_in({"site-1", "north"});
  must(ask_for(boss_, "disable", "site-1"));

  const base::Json answer = must(ask(boss_, "sessions"));

  ASSERT_EQ(answer["disabled"].items().size(), 1u);
  const base::Json& one = answer["disabled"].items().front();
  EXPECT_EQ(one["name"].text(), "site-1");
  EXPECT_EQ(one["org"].text(), "north");
  EXPECT_EQ(one["by"].text(), boss_.endpoint.text());
}

TEST_F(Service, AuditShowsNewestLinesAndTheEnd) {
  must(ask_for(boss_, "disable", "site-1"));
  must(ask_for(boss_, "enable", "site-1"));

  const base::Json answer = must(ask(boss_, "audit", R"({"limit":2})"));

  ASSERT_EQ(answer["entries"].items().size(), 2u);
  EXPECT_EQ(answer["entries"].items()[0]["action"].text(), "enable");
  EXPECT_EQ(answer["entries"].items()[1]["action"].text(), "audit");
  EXPECT_EQ(answer["count"].integer(), 3);
  EXPECT_EQ(answer["head"].text(), base::hex(must(service->audit_head()).hash));
}

TEST_F(Service, AuditVerifiesTheChain) {
  must(ask_for(boss_, "disable", "site-1"));

  const base::Json answer = must(ask(boss_, "audit", R"({"verify":true})"));

  EXPECT_TRUE(answer["intact"].boolean());
  EXPECT_EQ(answer["count"].integer(), 2);
}

TEST_F(Service, EveryActionIsInTheAuditLog) {
  for (const char* action : {"kick", "disable", "enable"}) {
    must(ask_for(boss_, action, "site-1"));
    EXPECT_EQ(last_line(), boss_.endpoint.text() + " project_admin " + action + " site-1 allowed");
    open();
  }
  for (const char* action : {"sessions", "drain", "reload", "audit"}) {
    must(ask(boss_, action));
    EXPECT_EQ(last_line(), boss_.endpoint.text() + " project_admin " + action + "  allowed");
    open();
  }
}

TEST_F(Service, EndOfTheChainIsInTheServersLog) {
  must(ask_for(boss_, "kick", "site-1"));

  const std::string head = base::hex(must(service->audit_head()).hash);
  EXPECT_TRUE(log.has_line({"admin.action", "action=kick", "target=site-1", "audit_seq=1", head}));
}

TEST_F(Service, NobodyTouchesTheServer) {
  for (const char* action : {"kick", "disable", "enable"})
    for (const char* name : {"server", "SERVER", "hub.example", "Hub.Example"})
      EXPECT_EQ(reason_of(ask_for(boss_, action, name)), "not_allowed") << action << " " << name;
  EXPECT_FALSE(is_disabled("server"));
  EXPECT_FALSE(is_disabled("hub.example"));
}

TEST_F(Service, NobodyLocksThemselvesOut) {
  EXPECT_EQ(reason_of(ask_for(boss_, "disable", "project_admin@hq.example")), "not_allowed");
  EXPECT_EQ(reason_of(ask_for(boss_, "kick", "project_admin@hq.example")), "not_allowed");
  EXPECT_NE(sessions.at(boss_.endpoint.text()), nullptr);
}

TEST_F(Service, UnknownActionIsRefusedAndRecorded) {
  EXPECT_EQ(reason_of(ask(boss_, "explode")), "unknown_action");
  EXPECT_EQ(last_line(), boss_.endpoint.text() + " project_admin ?  unknown_action");
}

TEST_F(Service, MalformedRequestIsRefusedAndRecorded) {
  EXPECT_EQ(reason_of(ask(boss_, "kick", R"({"name":"site-1","x":1})")), "malformed");
  EXPECT_EQ(last_line(), boss_.endpoint.text() + " project_admin kick  malformed");
}

TEST(Rate, LastActionOfTheWindowPassesAndTheNextDoesNot) {
  GivenService given;
  const auth::Session& member = given.log_in(an_admin("member"));
  const auth::Session& lead = given.log_in(an_admin("lead"));
  for (uint32_t i = 1; i < AdminService::kMostActions; ++i) must(given.ask(member, "sessions"));

  EXPECT_EQ(reason_of(given.ask(member, "sessions")), "done");
  EXPECT_EQ(reason_of(given.ask(member, "sessions")), "rate_limited");
  EXPECT_EQ(reason_of(given.ask(member, "sessions")), "rate_limited");
  EXPECT_EQ(must(given.service->audit_head()).seq, AdminService::kMostActions + 1);
  EXPECT_EQ(reason_of(given.ask(lead, "sessions")), "done");
  given.clock.advance(AdminService::kRateWindow);
  EXPECT_EQ(reason_of(given.ask(member, "sessions")), "done");
}

/// The audit log cannot be written: what is asked must not happen. Nothing but the log is damaged here, so
/// whatever happened would be seen.
class Unrecordable : public testing::Test, protected GivenService {
 protected:
  Unrecordable() {
    log_in({"site-1"});
    must(ask_for(boss_, "disable", "site-2"));
    service.reset();
    store::Database database = must(store::Database::open(folder.path() / "server.db", {0x464C5352, 1, ""}));
    EXPECT_TRUE(database.run("DELETE FROM audit_head"));
    // Closed here; then the service reads what is left.
  }
  void expect_nothing_happened(const base::Result<base::Json>& answer) {
    EXPECT_EQ(reason_of(answer), "not_recorded");
    EXPECT_TRUE(node.ended.empty());
    EXPECT_EQ(node.drains + node.reloads, 0);
    EXPECT_FALSE(is_disabled("site-1"));
    EXPECT_TRUE(is_disabled("site-2"));
    EXPECT_TRUE(log.has_line({"admin.not_recorded"}));
  }
  auth::Session& boss_ = log_in(an_admin("project_admin", "hq"));
};

TEST_F(Unrecordable, KickDoesNothing) {
  open();
  expect_nothing_happened(ask_for(boss_, "kick", "site-1"));
}

TEST_F(Unrecordable, DisableDoesNothing) {
  open();
  expect_nothing_happened(ask_for(boss_, "disable", "site-1"));
}

TEST_F(Unrecordable, EnableDoesNothing) {
  open();
  expect_nothing_happened(ask_for(boss_, "enable", "site-2"));
}

TEST_F(Unrecordable, ReloadDoesNothing) {
  open();
  expect_nothing_happened(ask(boss_, "reload"));
}

TEST_F(Unrecordable, DrainDoesNothing) {
  open();
  expect_nothing_happened(ask(boss_, "drain"));
}

TEST(State, DamagedStateIsNotOpened) {
  GivenService given;
  given.service.reset();
  support::write_text(given.folder.path() / "server.db", "not a database at all, whatever it says");

  const auto opened = AdminService::open(given.folder.path(),
                                         {given.sessions, given.node, given.clock, given.log, "hub.example"});

  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().reason, "state_corrupt");
}

}  // namespace
}  // namespace fairlead::admin

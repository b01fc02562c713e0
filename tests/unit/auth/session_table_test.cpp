#include "auth/session_table.hpp"

#include <map>

#include "given.hpp"

namespace fairlead::auth {
namespace {

using base::Refusal;

struct SessionTableTest : ::testing::Test {
  Session* add(uint8_t id, std::string_view endpoint, uint8_t instance = 1) {
    auto session = std::make_unique<Session>();
    session->id = {id};
    session->endpoint = must(base::Endpoint::parse(endpoint));
    session->instance = {instance};
    session->current.deadline = now + 1h;
    return table.add(std::move(session), now);
  }
  Session* add_proved(uint8_t id, std::string_view endpoint, uint8_t instance = 1) {
    Session* session = add(id, endpoint, instance);
    table.prove(*session);
    return session;
  }
  Refusal may(std::string_view endpoint, uint8_t instance) {
    return refusal_of(table.may_log_in(must(base::Endpoint::parse(endpoint)), InstanceId{instance}));
  }

  base::MonoTime now{5h};
  SessionTable table{2};
  SessionListener user;
};

TEST_F(SessionTableTest, HasRevokedASessionWhenItTellsItsUsers) {
  struct Watching final : SessionUser {
    void session_renewed() override {}
    void session_ended(Refusal) override { revoked = session->revoked; }
    const Session* session = nullptr;
    bool revoked = false;
  } watching;
  watching.session = add_proved(1, "site-1");
  table.attach(*table.at("site-1"), watching);

  table.end(*table.at("site-1"), Refusal::revoked);

  EXPECT_TRUE(watching.revoked);
}

TEST_F(SessionTableTest, FindsSessionsByPrefix) {
  Session* session = add(1, "site-1");

  EXPECT_EQ(table.find(session->prefix()), session);
  EXPECT_EQ(table.find(7), nullptr);
}

TEST_F(SessionTableTest, ReachesOnlyProvedSessionsByEndpoint) {
  Session* session = add(1, "site-1");
  EXPECT_EQ(table.at("site-1"), nullptr);

  table.prove(*session);

  EXPECT_EQ(table.at("site-1"), session);
  EXPECT_EQ(table.at("site-1/app"), nullptr);
}

TEST_F(SessionTableTest, N24_ALiveConnectionKeepsItsEndpoint) {
  table.attach(*add_proved(1, "site-1", 1), user);

  EXPECT_EQ(may("site-1", 2), Refusal::endpoint_in_use);
  EXPECT_EQ(may("site-1", 1), Refusal{});
  EXPECT_EQ(may("site-1/app", 2), Refusal{});
}

TEST_F(SessionTableTest, N24_AnEndpointWithoutConnectionIsFree) {
  Session* session = add_proved(1, "site-1", 1);
  table.attach(*session, user);
  table.detach(*session, user, now);

  EXPECT_EQ(may("site-1", 2), Refusal{});
}

TEST_F(SessionTableTest, ANewSessionRetiresTheOldOnlyWhenProved) {
  Session* old = add_proved(1, "site-1");
  table.attach(*old, user);
  Session* fresh = add(2, "site-1");
  EXPECT_FALSE(user.ended);

  table.prove(*fresh);

  EXPECT_EQ(user.ended, Refusal::revoked);
  EXPECT_EQ(table.at("site-1"), fresh);
  EXPECT_EQ(table.size(), 1u);
}

TEST_F(SessionTableTest, HoldsItsQuota) {
  add_proved(1, "site-1");
  EXPECT_EQ(may("site-3", 1), Refusal{});
  add_proved(2, "site-2");
  EXPECT_EQ(may("site-3", 1), Refusal::quota);
}

TEST_F(SessionTableTest, LetsAReplacementInWhenFull) {
  add_proved(1, "site-1");
  add_proved(2, "site-2");

  EXPECT_EQ(may("site-1", 1), Refusal{});
}

TEST_F(SessionTableTest, AnInstanceHoldsOneUnprovedSession) {
  add(1, "site-1");
  add(2, "site-1");

  EXPECT_EQ(table.size(), 1u);
  EXPECT_NE(table.find(uint64_t{2} << 56), nullptr);
}

TEST_F(SessionTableTest, EndTellsEveryUserAndForgets) {
  SessionListener second;
  Session* session = add_proved(1, "site-1");
  table.attach(*session, user);
  table.attach(*session, second);

  table.end(*session, Refusal::disabled);

  EXPECT_EQ(user.ended, Refusal::disabled);
  EXPECT_EQ(second.ended, Refusal::disabled);
  EXPECT_EQ(table.size(), 0u);
  EXPECT_EQ(table.at("site-1"), nullptr);
}

TEST_F(SessionTableTest, EndingAReplacedSessionLeavesItsSuccessor) {
  Session* unproved = add(1, "site-1", 1);
  Session* owner = add_proved(2, "site-1", 2);

  table.end(*unproved, Refusal::revoked);

  EXPECT_EQ(table.at("site-1"), owner);
}

TEST_F(SessionTableTest, ListsUsersNewestLast) {
  SessionListener second;
  Session* session = add_proved(1, "site-1");
  table.attach(*session, user);
  table.attach(*session, second);

  EXPECT_EQ(table.users(*session), (std::vector<SessionUser*>{&user, &second}));
}

TEST_F(SessionTableTest, SweepsUnprovedSessionsAfterTenSeconds) {
  add(1, "site-1");

  table.sweep(now + 10s - 1ns, 120s);
  EXPECT_EQ(table.size(), 1u);
  table.sweep(now + 10s, 120s);
  EXPECT_EQ(table.size(), 0u);
}

TEST_F(SessionTableTest, SweepsSessionsThatNobodyUses) {
  Session* session = add_proved(1, "site-1");
  table.attach(*session, user);
  table.sweep(now + 200s, 120s);
  EXPECT_EQ(table.size(), 1u);

  table.detach(*session, user, now + 200s);

  table.sweep(now + 320s - 1ns, 120s);
  EXPECT_EQ(table.size(), 1u);
  table.sweep(now + 320s, 120s);
  EXPECT_EQ(table.size(), 0u);
}

TEST_F(SessionTableTest, SweepsExpiredSessionsAndTellsTheirUsers) {
  table.attach(*add_proved(1, "site-1"), user);

  table.sweep(now + 1h - 1ns, 24h);
  EXPECT_FALSE(user.ended);
  table.sweep(now + 1h, 24h);
  EXPECT_EQ(user.ended, Refusal::expired);
}

TEST_F(SessionTableTest, ShowsEverySession) {
  table.attach(*add_proved(1, "site-1"), user);
  add_proved(2, "site-2");
  std::map<std::string, size_t> seen;

  table.for_each([&](const Session& s, size_t connections) { seen[s.endpoint.text()] = connections; });

  EXPECT_EQ(seen, (std::map<std::string, size_t>{{"site-1", 1}, {"site-2", 0}}));
}

TEST_F(SessionTableTest, MakesARenewalCurrentWhenAFrameOfItsEpochHasVerified) {
  Session* session = add_proved(1, "site-1");
  table.attach(*session, user);
  session->current.secret = base::Secret(base::ByteView(base::Digest{1}));
  session->next.emplace();
  session->next->epoch = base::Epoch(1);

  table.confirm(*session, base::Epoch(0), now);
  EXPECT_EQ(session->current.epoch, base::Epoch(0)) << "not the epoch that waits";
  table.confirm(*session, base::Epoch(1), now);

  EXPECT_EQ(session->current.epoch, base::Epoch(1));
  EXPECT_EQ(session->previous->epoch, base::Epoch(0));
  EXPECT_TRUE(session->previous->secret.empty());
  EXPECT_FALSE(session->next);
  EXPECT_EQ(user.renewed, 1);
}

TEST_F(SessionTableTest, ForgetsTheEpochBeforeAfterTenMinutes) {
  Session* session = add_proved(1, "site-1");
  table.attach(*session, user);
  session->next.emplace();
  session->next->epoch = base::Epoch(1);
  session->next->deadline = now + 1h;
  table.confirm(*session, base::Epoch(1), now);

  table.sweep(now + 10min - 1ns, 120s);
  EXPECT_NE(session->of(base::Epoch(0)), nullptr);
  table.sweep(now + 10min, 120s);
  EXPECT_EQ(session->of(base::Epoch(0)), nullptr);
  EXPECT_NE(session->of(base::Epoch(1)), nullptr);
}

}  // namespace
}  // namespace fairlead::auth

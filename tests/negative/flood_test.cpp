// Floods, in small and without measuring time: N25, N26, N28, L3 and L5 of the catalogue, and peers that have
// logged in and then send too many control frames. tests/bench/flood_bench.cpp has the large ones.
#include <thread>

#include "negative/given_attack.hpp"

namespace fairlead::negative {
namespace {

using Clients = std::vector<std::unique_ptr<support::HostileClient>>;

class Flood : public GivenAttack {
 protected:
  using GivenAttack::GivenAttack;
  /// As many connections as that, with half a login each.
  Clients half_logins(size_t count) {
    Clients clients;
    for (size_t i = 0; i < count; ++i) {
      clients.push_back(client(site_1_, "half-" + std::to_string(i)));
      EXPECT_TRUE(clients.back()->begin_login()) << i;
    }
    return clients;
  }
  void expect_served(const std::string& app) {
    const auto honest = client(site_2_, app);
    EXPECT_TRUE(honest->log_in()) << server_.log().text();
    EXPECT_TRUE(honest->is_still_served());
  }
};
INSTANTIATE_TEST_SUITE_P(Ways, Flood, kWaysForCrowds, security_name);

/// Against a server that waits for nobody long.
class FloodOfTheSlow : public Flood {
 protected:
  FloodOfTheSlow() : Flood({"login_timeout=1500ms", "first_byte_timeout=1s"}) {}
};
INSTANTIATE_TEST_SUITE_P(Ways, FloodOfTheSlow, kWaysForCrowds, security_name);

TEST_P(FloodOfTheSlow, N25HalfALoginIsEndedAndItsSlotGivenBack) {
  const auto silent = client(site_1_, "silent");
  ASSERT_TRUE(silent->begin_login());
  EXPECT_EQ(server_.counters().logging_in, 1u);

  EXPECT_TRUE(silent->wait_for_close());

  EXPECT_EQ(server_.counters().logging_in, 0u);
  EXPECT_EQ(server_.refused(base::Refusal::login_timeout), 1u);
  EXPECT_TRUE(server_.log().has_line({"link.refused", "login_timeout"}));
}

TEST_P(Flood, N25SlotOfAPeerThatHangsUpIsGivenBack) {
  half_logins(20).clear();

  expect_served("after");

  // The server hears of it sooner than it would give up on them.
  while (server_.counters().logging_in > 0) std::this_thread::yield();
  EXPECT_EQ(server_.refused(base::Refusal::login_timeout), 0u);
}

TEST_P(Flood, N26HalfOpenLoginsKeepNobodyOut) {
  const Clients silent = half_logins(100);

  expect_served("honest");

  EXPECT_LE(server_.counters().logging_in, 100u);
  EXPECT_EQ(server_.handled(), 0u);
}

TEST_P(Flood, N28LoginsUnderAVictimsNameDoNotHinderTheVictim) {
  const auto before = client(site_2_, "victim");
  ASSERT_TRUE(before->log_in());
  for (int i = 0; i < 30; ++i) {
    support::HostileClient thief(site_1_, site_1_,
                                 {.address = server_.address(), .app = "victim", .claimed_name = "site-2"});
    EXPECT_FALSE(thief.log_in());
  }

  EXPECT_TRUE(before->is_still_served());
  expect_served("victim-2");
  EXPECT_EQ(server_.refused(base::Refusal::wrong_identity), 30u);
}

TEST_P(Flood, L3ForgedMessagesOfStrangersReachNobody) {
  base::Bytes forged;
  {
    const auto member = logged_in();
    for (int i = 0; i < 100; ++i) base::append(forged, member->next_message(draft(*member)));
  }
  Clients strangers;
  for (int i = 0; i < 30; ++i) {
    strangers.push_back(client(site_2_));
    ASSERT_TRUE(strangers.back()->connect());
    strangers.back()->send(forged);
  }

  for (const auto& stranger : strangers) EXPECT_TRUE(stranger->wait_for_close());

  EXPECT_EQ(server_.handled(), 0u);
  expect_served("honest");
}

TEST_P(FloodOfTheSlow, L5SlowStrangersAreEndedAndKeepNobodyOut) {
  Clients slow;
  for (int i = 0; i < 50; ++i) {
    slow.push_back(client(site_1_, "slow"));
    ASSERT_TRUE(slow.back()->connect());
    slow.back()->send(base::as_bytes("F"));
  }

  const auto honest = client(site_2_, "honest");
  EXPECT_TRUE(honest->log_in());
  for (const auto& one : slow) EXPECT_TRUE(one->wait_for_close());
  EXPECT_TRUE(honest->is_still_served());

  EXPECT_EQ(server_.refused(base::Refusal::login_timeout), 50u);
}

TEST_P(Flood, ControlFramesWithoutMessagesAreRateLimited) {
  const auto attacker = logged_in();

  for (int i = 0; i < 2000; ++i) attacker->ping();

  expect_refused(*attacker, base::Refusal::rate_limited);
}

TEST_P(Flood, PingAfterEachMessageIsWithinTheRate) {
  const auto honest = logged_in();
  for (int i = 0; i < 2000; ++i) {
    honest->send(honest->next_message(honest->honest_draft("server", "fairlead/ping")));
    honest->ping();
  }

  EXPECT_TRUE(honest->is_still_served());
}

}  // namespace
}  // namespace fairlead::negative

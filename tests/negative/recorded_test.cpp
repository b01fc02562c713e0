// What was good once, on another connection, in another project or under a server that is gone: N06, N07,
// N08, N14 and N32 of the catalogue.
#include <optional>

#include "negative/given_attack.hpp"

namespace fairlead::negative {
namespace {

class Recorded : public GivenAttack {};
INSTANTIATE_TEST_SUITE_P(Ways, Recorded, kWays, security_name);

/// Tokens of this server live two seconds.
class RecordedToken : public GivenAttack {
 protected:
  RecordedToken() : GivenAttack({"token_lifetime=2s"}) {}
};
INSTANTIATE_TEST_SUITE_P(Ways, RecordedToken, kWays, security_name);

/// One kit, and a server that ends and starts again with it.
class RecordedBefore : public testing::TestWithParam<const char*> {
 protected:
  RecordedBefore() : project_(project_text(GetParam())), site_(open_kit(project_.kit("site-1"))) {
    restart();
  }
  void restart() {
    server_.reset();
    server_.emplace(project_.kit("server"));
  }
  std::unique_ptr<support::HostileClient> client() const {
    return std::make_unique<support::HostileClient>(
        site_, site_, support::HostileClient::Options{.address = server_->address()});
  }
  void expect_nobody_was_let_in(support::HostileClient& attacker) {
    EXPECT_TRUE(attacker.wait_for_close());
    EXPECT_EQ(server_->counters().logins, 0u);
    EXPECT_EQ(server_->handled(), 0u);
    const auto honest = client();
    EXPECT_TRUE(honest->log_in());
    EXPECT_TRUE(honest->is_still_served());
  }

  support::GivenProject project_;
  kit::Kit site_;
  std::optional<support::LiveServer> server_;
};
INSTANTIATE_TEST_SUITE_P(Ways, RecordedBefore, kWays, security_name);

TEST_P(Recorded, N06TokenOfAnotherProjectIsRefused) {
  const support::GivenProject foreign(project_text(GetParam(), "foreign"));
  const kit::Kit foreign_site = open_kit(foreign.kit("site-1"));
  support::LiveServer foreign_server(foreign.kit("server"));
  support::HostileClient abroad(foreign_site, foreign_site, {.address = foreign_server.address()});
  ASSERT_TRUE(abroad.log_in());
  const auto attacker = logged_in();
  attacker->session().current.token = abroad.session().current.token;
  attacker->session().current.token_signature = abroad.session().current.token_signature;

  attacker->send(attacker->next_message(draft(*attacker)));

  expect_refused(*attacker, base::Refusal::bad_token);
}

TEST_P(Recorded, N14LoginIsRefused) {
  const auto member = logged_in();
  const base::Bytes login = member->login_bytes();
  const auto before = server_.counters().logins;
  const auto attacker = client(site_1_);
  ASSERT_TRUE(attacker->connect());

  attacker->send(login);

  EXPECT_TRUE(attacker->wait_for_close());
  EXPECT_EQ(server_.counters().logins, before);
  EXPECT_TRUE(member->is_still_served());
  expect_harmless(base::Refusal::malformed);  // what the handshake was given does not decrypt
}

TEST_P(RecordedToken, N08IsRefusedOnceItHasExpired) {
  const auto attacker = logged_in();

  while (!attacker->verdict().told && !attacker->verdict().closed) {
    attacker->send(attacker->next_message(attacker->honest_draft("server", "fairlead/ping")));
    attacker->is_still_served();
  }

  expect_refused(*attacker, base::Refusal::expired);
}

TEST_P(RecordedBefore, N14LoginIsRefusedAfterARestart) {
  const auto member = client();
  ASSERT_TRUE(member->log_in());
  const base::Bytes login = member->login_bytes();
  restart();
  const auto attacker = client();
  ASSERT_TRUE(attacker->connect());

  attacker->send(login);

  expect_nobody_was_let_in(*attacker);
}

TEST_P(RecordedBefore, N32FrameIsRefusedAfterARestart) {
  const auto member = client();
  ASSERT_TRUE(member->log_in());
  const base::Bytes frame = member->next_message(member->honest_draft("server", "count"));
  restart();
  const auto attacker = client();
  ASSERT_TRUE(attacker->connect());

  attacker->send(frame);

  expect_nobody_was_let_in(*attacker);
}

TEST_P(RecordedBefore, N32FrameIsRefusedAfterARestartAlsoOnANewLane) {
  const auto member = client();
  ASSERT_TRUE(member->log_in());
  const base::Bytes frame = member->next_message(member->honest_draft("server", "count"));
  restart();
  const auto attacker = client();
  ASSERT_TRUE(attacker->log_in());

  attacker->send(frame);

  EXPECT_TRUE(attacker->wait_for_close());
  EXPECT_EQ(server_->handled(), 0u);
}

}  // namespace
}  // namespace fairlead::negative

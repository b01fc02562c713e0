// Third parties that go beyond what their site signed for them: N47 of the catalogue, against a live server.
// Over mutual TLS there are none.
#include "kit/delegated.hpp"
#include "negative/given_attack.hpp"
#include "node/configured.hpp"
#include "support/fake_clock.hpp"
#include "support/live_client.hpp"

namespace fairlead::negative {
namespace {

using namespace std::chrono_literals;

class Delegation : public GivenAttack {
 protected:
  /// A kit that `site` makes for its sensor, with this clock.
  kit::Kit delegated(const kit::Kit& site, const base::Clock& clock) {
    const std::string name = site.settings().name;
    base::SystemRandom random;
    const kit::DelegationOrder order{name + "/sensor",
                                     {"count"},
                                     1h,
                                     node::project_identity(site).audience(),
                                     project_.folder() / (name + std::to_string(++made_))};
    const auto made = kit::make_delegated_kit(site, order, clock, random);
    EXPECT_TRUE(made.has_value()) << made.error().line();
    return open_kit(order.folder);
  }
  kit::Kit delegated() { return delegated(site_1_, base::SystemClock()); }
  std::unique_ptr<support::HostileClient> holder(const kit::Kit& kit,
                                                 support::HostileClient::Options options = {}) {
    options.address = server_.address();
    options.app = options.app == "hostile" ? "sensor" : options.app;
    return std::make_unique<support::HostileClient>(kit, kit, std::move(options));
  }
  void expect_login_refused(support::HostileClient& attacker, base::Refusal code) {
    EXPECT_FALSE(attacker.log_in());
    EXPECT_EQ(attacker.verdict().told, code);
    expect_harmless(code);
  }
  base::Result<std::string> ask(const std::string& action) {
    support::LiveClient admin(project_.kit("admin@o.example"), server_.address());
    return admin.request("server", "admin/" + action, R"({"name":"site-1"})");
  }

  int made_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Tcp, Delegation, testing::Values("clear", "tls"), security_name);

TEST_P(Delegation, HolderIsServedWithinIt) {
  const kit::Kit kit = delegated();
  const auto honest = holder(kit);
  ASSERT_TRUE(honest->log_in()) << server_.log().text();

  honest->send(honest->next_message(draft(*honest)));

  EXPECT_TRUE(honest->is_still_served());
  EXPECT_EQ(server_.handled(), 1u);
}

TEST_P(Delegation, N47ThatIsOverIsRefused) {
  support::FakeClock two_hours_ago;
  two_hours_ago.set_wall(base::SystemClock().wall() - 2h);
  const kit::Kit kit = delegated(site_1_, two_hours_ago);
  const auto attacker = holder(kit);

  expect_login_refused(*attacker, base::Refusal::certificate_expired);
}

TEST_P(Delegation, N47OfAnotherSiteIsRefused) {
  const kit::Kit kit = delegated();
  const auto attacker = holder(kit, {.claimed_name = "site-2"});

  expect_login_refused(*attacker, base::Refusal::wrong_identity);
}

TEST_P(Delegation, N47ForAnotherEndpointIsRefused) {
  const kit::Kit kit = delegated();
  const auto attacker = holder(kit, {.app = "other"});

  expect_login_refused(*attacker, base::Refusal::wrong_identity);
}

TEST_P(Delegation, N47ForTheSiteItselfIsRefused) {
  const kit::Kit kit = delegated();
  const auto attacker = holder(kit, {.app = ""});

  expect_login_refused(*attacker, base::Refusal::wrong_identity);
}

TEST_P(Delegation, N47ForAnotherTopicIsRefused) {
  const kit::Kit kit = delegated();
  const auto attacker = holder(kit);
  ASSERT_TRUE(attacker->log_in());
  for (const char* topic : {"other", "admin/kick", "fairlead/status", "*"}) {
    attacker->send(attacker->next_message(attacker->honest_draft("server", topic)));
    EXPECT_EQ(attacker->wait_for_verdict().told, base::Refusal::not_allowed) << topic;
  }

  EXPECT_TRUE(attacker->is_still_served());
  EXPECT_EQ(server_.handled(), 0u);
  EXPECT_GE(server_.refused(base::Refusal::not_allowed), 4u);
}

TEST_P(Delegation, N47InTheNameOfTheSiteIsRefused) {
  const kit::Kit kit = delegated();
  const auto attacker = holder(kit);
  ASSERT_TRUE(attacker->log_in());
  auth::Draft forged = draft(*attacker);
  forged.from = "site-1";

  attacker->send(attacker->next_message(std::move(forged)));

  expect_refused(*attacker, base::Refusal::bad_origin);
}

TEST_P(Delegation, N47WithTheSiteDisabledIsRefused) {
  const kit::Kit kit = delegated();
  const auto live = holder(kit);
  ASSERT_TRUE(live->log_in());
  const base::Bytes message = live->next_message(draft(*live));

  ASSERT_TRUE(ask("disable").has_value());

  live->send(message);
  EXPECT_TRUE(live->wait_for_close());
  const auto again = holder(kit);
  expect_login_refused(*again, base::Refusal::disabled);
}

TEST_P(Delegation, N47EndsWhenTheSiteIsKicked) {
  const kit::Kit kit = delegated();
  const auto live = holder(kit);
  ASSERT_TRUE(live->log_in());

  const auto answer = ask("kick");

  ASSERT_TRUE(answer.has_value()) << answer.error().line();
  EXPECT_EQ(*answer, R"({"name":"site-1","ended":1})");
  EXPECT_TRUE(live->wait_for_close());
}

TEST_P(Delegation, N47ForAnotherProjectIsRefusedWithoutSayingWhy) {
  const support::GivenProject foreign(project_text(GetParam(), "foreign"));
  const kit::Kit site = open_kit(foreign.kit("site-1"));
  const kit::Kit kit = delegated(site, base::SystemClock());
  support::HostileClient attacker(site_1_, kit, {.address = server_.address(), .app = "sensor"});

  EXPECT_FALSE(attacker.log_in());
  EXPECT_EQ(attacker.verdict().told, base::Refusal::login_refused);
  EXPECT_EQ(server_.counters().logins, 0u);
}

}  // namespace
}  // namespace fairlead::negative

// What is left of a session that an administrator ended: N09 of the catalogue. And nobody is an administrator
// but by certificate.
#include "negative/given_attack.hpp"
#include "support/live_client.hpp"

namespace fairlead::negative {
namespace {

class Kicked : public GivenAttack {
 protected:
  base::Result<std::string> ask(const std::string& action, const std::string& payload) {
    support::LiveClient admin(project_.kit("admin@o.example"), server_.address());
    return admin.request("server", "admin/" + action, payload);
  }
  void must_kick() {
    const auto answer = ask("kick", R"({"name":"site-1"})");
    ASSERT_TRUE(answer.has_value()) << answer.error().line();
    EXPECT_EQ(*answer, R"({"name":"site-1","ended":1})");
  }
};
INSTANTIATE_TEST_SUITE_P(Ways, Kicked, kWays, security_name);

TEST_P(Kicked, N09TokenOfAKickedSessionIsUselessOnItsConnection) {
  const auto attacker = logged_in();
  const base::Bytes message = attacker->next_message(draft(*attacker));
  must_kick();

  attacker->send(message);

  const support::Verdict& verdict = attacker->wait_for_verdict();
  EXPECT_TRUE(verdict.closed || verdict.told == base::Refusal::revoked);
  EXPECT_EQ(server_.handled(), 0u);
  EXPECT_TRUE(server_.log().has_line({"link.session_ended", "revoked"}));
}

TEST_P(Kicked, N09TokenOfAKickedSessionIsUselessInItsNextSession) {
  const auto kicked = logged_in();
  must_kick();
  const auto attacker = logged_in();
  attacker->session().current.token = kicked->session().current.token;
  attacker->session().current.token_signature = kicked->session().current.token_signature;

  attacker->send(attacker->next_message(draft(*attacker)));

  expect_refused(*attacker, base::Refusal::bad_token);
}

TEST_P(Kicked, DisabledSiteIsToldSoAtItsNextLogin) {
  const auto attacker = logged_in();
  ASSERT_TRUE(ask("disable", R"({"name":"site-1"})").has_value());

  const auto again = client(site_1_);

  EXPECT_FALSE(again->log_in());
  EXPECT_EQ(again->verdict().told, base::Refusal::disabled);
  EXPECT_FALSE(attacker->is_still_served());
  EXPECT_EQ(server_.handled(), 0u);
}

TEST_P(Kicked, SiteThatAsksLikeAnAdministratorIsRefused) {
  const auto attacker = logged_in();
  auth::Draft asking = attacker->honest_draft("server", "admin/kick");
  asking.kind = frame::MessageKind::request;
  asking.deadline_ms = 5000;
  asking.payload = base::copy_to_slice(base::as_bytes(R"({"name":"site-2"})"));

  attacker->send(attacker->next_message(std::move(asking)));

  EXPECT_EQ(attacker->wait_for_verdict().told, base::Refusal::not_allowed);
  EXPECT_TRUE(attacker->is_still_served());
  EXPECT_FALSE(server_.log().has_line({"admin.action"}));
}

TEST_P(Kicked, AdministratorsNameInFromIsRefused) {
  const support::LiveClient admin(project_.kit("admin@o.example"), server_.address());
  const auto attacker = logged_in();
  auth::Draft forged = attacker->honest_draft("server", "admin/kick");
  forged.from = "admin@o.example";
  forged.payload = base::copy_to_slice(base::as_bytes(R"({"name":"site-2"})"));

  attacker->send(attacker->next_message(std::move(forged)));

  expect_refused(*attacker, base::Refusal::bad_origin);
  EXPECT_FALSE(server_.log().has_line({"admin.action"}));
}

}  // namespace
}  // namespace fairlead::negative

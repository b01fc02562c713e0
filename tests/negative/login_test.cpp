// Logins that must not succeed: N15, N16, N18, N21, N22, N29, N30 and strangers on the port.
#include "crypto/certificate.hpp"
#include "negative/given_attack.hpp"

namespace fairlead::negative {
namespace {

class Login : public GivenAttack {
 protected:
  /// Tries to log in with what `options` claim.
  std::unique_ptr<support::HostileClient> try_login(const kit::Kit& link, const kit::Kit& login,
                                                    support::HostileClient::Options options) {
    options.address = server_.address();
    auto made = std::make_unique<support::HostileClient>(link, login, std::move(options));
    EXPECT_FALSE(made->log_in());
    return made;
  }
};
INSTANTIATE_TEST_SUITE_P(Ways, Login, kWays, security_name);

TEST_P(Login, N15LinkOfAnotherSiteIsABindingMismatchInMtls) {
  if (!is_mtls()) {
    auto allowed = std::make_unique<support::HostileClient>(
        site_2_, site_1_, support::HostileClient::Options{.address = server_.address()});
    EXPECT_TRUE(allowed->log_in());
    return;
  }

  const auto attacker = try_login(site_2_, site_1_, {});

  expect_harmless(base::Refusal::binding_mismatch);
}

TEST_P(Login, N16NameOfAnotherSiteIsRefused) {
  const auto attacker = try_login(site_1_, site_1_, {.claimed_name = "site-2"});

  expect_harmless(base::Refusal::wrong_identity);
}

TEST_P(Login, N18KitOfAnotherProjectSeesOnlyLoginRefused) {
  const support::GivenProject foreign(project_text(GetParam(), "foreign"));
  const kit::Kit other = open_kit(foreign.kit("site-1"));

  const auto attacker = try_login(site_1_, other, {});

  EXPECT_EQ(attacker->verdict().told, base::Refusal::login_refused);
  EXPECT_GE(server_.refused(base::Refusal::login_refused), 1u);
  EXPECT_EQ(server_.counters().logins, 0u);
}

TEST_P(Login, N21ClientThatAsksToBeAdminIsRefused) {
  const auto attacker = try_login(site_1_, site_1_, {.claimed_type = base::ParticipantType::admin});

  expect_harmless(base::Refusal::wrong_identity);
}

TEST_P(Login, N22ClaimOfAnotherProjectIsRefused) {
  const auto attacker = try_login(site_1_, site_1_, {.claimed_project = "elsewhere"});

  EXPECT_EQ(server_.counters().logins, 0u);
  EXPECT_GE(server_.refused(base::Refusal::login_refused), 1u);
}

TEST_P(Login, N29MessageBeforeLoginIsRefused) {
  for (const auto type : {frame::FrameType::data, frame::FrameType::renew, frame::FrameType::close}) {
    const auto attacker = client(site_1_);
    ASSERT_TRUE(attacker->connect());
    base::Bytes raw(frame::kHeaderSize);
    frame::Header header;
    header.type = type;
    frame::encode(header, raw);

    attacker->send(raw);

    EXPECT_TRUE(attacker->wait_for_verdict().closed || attacker->verdict().told);
  }
  EXPECT_EQ(server_.handled(), 0u);
}

TEST_P(Login, GarbageOnThePortEndsThatConnectionOnly) {
  const auto attacker = client(site_1_);
  ASSERT_TRUE(attacker->connect());

  attacker->send(
      base::as_bytes("GET / HTTP/1.1\r\nHost: example.com\r\nAccept: everything you have, please\r\n\r\n"));
  attacker->wait_for_verdict();

  expect_harmless(base::Refusal::malformed);
}

TEST_P(Login, TwoHundredSilentConnectionsDisturbNobody) {
  std::vector<std::unique_ptr<support::HostileClient>> silent;
  for (int i = 0; i < 200; ++i) {
    silent.push_back(client(site_1_, "silent-" + std::to_string(i)));
    ASSERT_TRUE(silent.back()->connect());
  }

  const auto honest = client(site_2_, "honest");

  EXPECT_TRUE(honest->log_in());
  EXPECT_TRUE(honest->is_still_served());
}

TEST_P(Login, SecondProcessUnderTheSameEndpointIsRefusedWhileTheFirstLives) {
  const auto first = logged_in();

  const auto second = try_login(site_1_, site_1_, {});

  EXPECT_EQ(second->verdict().told, base::Refusal::endpoint_in_use);
  EXPECT_TRUE(first->is_still_served());
}

}  // namespace
}  // namespace fairlead::negative

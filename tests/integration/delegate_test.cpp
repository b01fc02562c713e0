// `fairlead token delegate`, and third-party processes that run with what it made.
#include "node/delegate.hpp"

#include <csignal>

#include "integration/given_deployment.hpp"
#include "kit/delegated.hpp"
#include "support/fake_clock.hpp"

namespace fairlead::integration {
namespace {

using namespace std::chrono_literals;

std::string project_with_admin(const std::string& security) {
  return project_of(security) + "- {name: admin@o.example, type: admin, org: o, role: project_admin}\n";
}

/// Parameter: connection security. Over mtls there are no third parties.
class Delegate : public testing::TestWithParam<const char*> {
 protected:
  Delegate() : deployment_(project_with_admin(GetParam())) { deployment_.start_server({"--echo"}); }

  fs::path made() const { return deployment_.folder() / "made"; }
  Words order(const Words& more) const {
    Words words{"token", "delegate"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  Finished delegate(const std::string& site, const std::string& topics, const std::string& life = "1h") {
    return fairlead(order({"-k", deployment_.kit(site).string(), "--as", site + "/sensor", "--topics", topics,
                           "--ttl", life, "-o", made().string(), "--json"}));
  }
  /// A one-shot command of the third party.
  Finished run(const std::string& command, const std::string& to, const std::string& topic,
               const Words& more = {}) {
    Words words{command, "-k", made().string(), "--set", "connect_to=tcp://127.0.0.1:" + deployment_.port(),
                "--to",  to,   "--topic",       topic,   "--data",
                "hello"};
    words.insert(words.end(), more.begin(), more.end());
    return fairlead(words);
  }
  Finished disable_site_1() {
    return fairlead({"admin", "-k", deployment_.kit("admin@o.example").string(), "--set",
                     "connect_to=tcp://127.0.0.1:" + deployment_.port(), "disable", "site-1"});
  }

  GivenDeployment deployment_;
};
INSTANTIATE_TEST_SUITE_P(Tcp, Delegate, testing::Values("clear", "tls"), security_name);

TEST_P(Delegate, SendsAsItsEndpointToAnotherSite) {
  const auto receiver = deployment_.start_listener("site-2", "metrics", {"--as", "inbox"});
  const base::Json data = data_of(delegate("site-1", "metrics, round/*"));
  EXPECT_EQ(data["folder"].text(), made().string());
  EXPECT_EQ(data["endpoint"].text(), "site-1/sensor");
  EXPECT_EQ(data["topics"].dump(), R"(["metrics","round/*"])");

  const Finished sent = run("send", "site-2/inbox", "metrics");

  EXPECT_EQ(sent.code, 0) << sent.err;
  const base::Json line = read_json(*receiver);
  EXPECT_EQ(line["from"].text(), "site-1/sensor");
  EXPECT_EQ(line["text"].text(), "hello");
}

TEST_P(Delegate, ListensAsItsEndpoint) {
  ASSERT_EQ(delegate("site-1", "metrics").code, 0);
  const auto listener =
      start_fairlead({"listen", "-k", made().string(), "--set",
                      "connect_to=tcp://127.0.0.1:" + deployment_.port(), "--topic", "order", "--jsonl"});
  ASSERT_TRUE(listener->wait_for_error("listening as site-1/sensor")) << listener->errors();

  const Finished sent =
      deployment_.run("send", "site-2", {"--to", "site-1/sensor", "--topic", "order", "--data", "begin"});

  EXPECT_EQ(sent.code, 0) << sent.err;
  EXPECT_EQ(read_json(*listener)["from"].text().substr(0, 11), "site-2/cli-");
}

TEST_P(Delegate, IsServedOnItsTopicsOnly) {
  ASSERT_EQ(delegate("site-1", "metrics,round/*").code, 0);

  EXPECT_EQ(run("request", "server", "round/7").out, "hello");
  expect_refused(run("request", "server", "other"), 1, "not_allowed");
  expect_refused(run("send", "server", "other"), 1, "not_allowed");
}

TEST_P(Delegate, LogsInUnderNoOtherName) {
  ASSERT_EQ(delegate("site-1", "metrics").code, 0);

  expect_refused(run("send", "server", "metrics", {"--as", "other"}), 4, "made for site-1/sensor");
  EXPECT_EQ(run("request", "server", "metrics", {"--as", "sensor"}).out, "hello");
}

TEST_P(Delegate, IsRefusedOnceItsSiteIsDisabled) {
  ASSERT_EQ(delegate("site-1", "metrics").code, 0);
  ASSERT_EQ(run("request", "server", "metrics").code, 0);

  ASSERT_EQ(disable_site_1().code, 0);

  expect_refused(run("send", "server", "metrics"), 2, "disabled");
}

TEST_P(Delegate, RunningOneEndsWithItsSitesCertificate) {
  ASSERT_EQ(delegate("site-1", "metrics").code, 0);
  const auto client = start_fairlead(
      {"client", "-k", made().string(), "--set", "connect_to=tcp://127.0.0.1:" + deployment_.port()});
  ASSERT_EQ(read_json(*client)["endpoint"].text(), "site-1/sensor") << client->errors();

  deployment_.put_list("server", deployment_.list(1, {deployment_.kit("site-1")}));

  EXPECT_TRUE(
      deployment_.server().wait_for_error("session.ended peer=site-1/sensor code=certificate_revoked"));
}

TEST_P(Delegate, RunningOneGoesOnWithANewDelegation) {
  ASSERT_EQ(delegate("site-1", "metrics").code, 0);
  const auto client = start_fairlead(
      {"client", "-k", made().string(), "--set", "connect_to=tcp://127.0.0.1:" + deployment_.port()});
  ASSERT_EQ(read_json(*client)["endpoint"].text(), "site-1/sensor") << client->errors();
  fs::rename(made(), deployment_.folder() / "former");
  ASSERT_EQ(delegate("site-1", "metrics").code, 0);
  fs::remove_all(deployment_.folder() / "former/delegation");
  fs::rename(made() / "delegation", deployment_.folder() / "former/delegation");
  fs::remove_all(made());
  fs::rename(deployment_.folder() / "former", made());

  client->signal(SIGHUP);

  EXPECT_TRUE(client->wait_for_error("client.logged_in_again")) << client->errors();
}

TEST_P(Delegate, IsRefusedWhenItsTimeIsOver) {
  support::FakeClock two_hours_ago;
  two_hours_ago.set_wall(base::SystemClock().wall() - 2h);
  base::SystemRandom random;
  const kit::DelegationOrder order{"site-1/sensor", {"metrics"}, 1h, {}, made()};
  ASSERT_TRUE(node::delegate(deployment_.kit("site-1"), order, two_hours_ago, random));

  expect_refused(run("send", "server", "metrics"), 2, "certificate_expired");
}

TEST_P(Delegate, IsNeverMadeOverWhatIsThere) {
  ASSERT_EQ(delegate("site-1", "metrics").code, 0);
  const std::string before = support::read_text(made() / "delegation/delegation.bin");

  const Finished again = delegate("site-1", "other");

  EXPECT_EQ(again.code, 1);
  EXPECT_NE(again.err.find("is there already"), std::string::npos) << again.err;
  EXPECT_EQ(support::read_text(made() / "delegation/delegation.bin"), before);
}

TEST_P(Delegate, KitThatWasChangedDoesNotStart) {
  ASSERT_EQ(delegate("site-1", "metrics").code, 0);
  std::string bytes = support::read_text(made() / "delegation/delegation.bin");
  bytes.back() = 'x';
  support::write_text(made() / "delegation/delegation.bin", bytes);

  expect_refused(run("send", "server", "metrics"), 4, "not a signature of this delegation");
}

TEST_P(Delegate, IsNotMadeFromBadArguments) {
  const std::string kit = deployment_.kit("site-1").string();
  const auto refused = [&](const Words& words, const std::string& text) {
    expect_refused(fairlead(order(words)), 4, text);
    EXPECT_FALSE(fs::exists(made()));
  };
  const std::string to = made().string();

  refused({"-k", kit, "--as", "site-1", "--topics", "a", "-o", to}, "not an endpoint below this site");
  refused({"-k", kit, "--as", "site-2/x", "--topics", "a", "-o", to}, "not an endpoint below this site");
  refused({"-k", kit, "--as", "site-1/x", "--topics", "a,a", "-o", to}, "named twice");
  refused({"-k", kit, "--as", "site-1/x", "--topics", "a,,b", "-o", to}, "cannot be delegated");
  refused({"-k", kit, "--as", "site-1/x", "--topics", "admin/kick", "-o", to}, "cannot be delegated");
  refused({"-k", kit, "--as", "site-1/x", "--topics", "a", "--ttl", "25h", "-o", to}, "from 1s to 24h");
  refused({"-k", kit, "--as", "site-1/x", "--topics", "a", "--ttl", "soon", "-o", to}, "--ttl soon");
  refused({"-k", kit, "--as", "site-1/x", "-o", to}, "--topics");
  refused({"-k", to, "--as", "site-1/x", "--topics", "a", "-o", to}, "no kit here");
}

TEST(DelegateOverMtls, IsNotMade) {
  const GivenDeployment deployment(project_of("mtls"));
  const std::string to = (deployment.folder() / "made").string();

  expect_refused(fairlead({"token", "delegate", "-k", deployment.kit("site-1").string(), "--as", "site-1/x",
                           "--topics", "a", "-o", to}),
                 4, "mtls");
  EXPECT_FALSE(fs::exists(to));
}

}  // namespace
}  // namespace fairlead::integration

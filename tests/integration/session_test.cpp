// Sessions that outlive their tokens and their connections, in real processes.
#include "integration/given_deployment.hpp"
#include "integration/relay.hpp"

namespace fairlead::integration {
namespace {

/// How often the process has said this so far.
size_t times_said(RunningProcess& process, const std::string& text) {
  process.wait_for_error("takes in what there is", std::chrono::milliseconds(1));
  size_t count = 0;
  for (size_t at = process.errors().find(text); at != std::string::npos;
       at = process.errors().find(text, at + 1))
    ++count;
  return count;
}

class SessionLife : public testing::TestWithParam<const char*> {
 protected:
  SessionLife() : deployment_(project_of(GetParam())) {}
  /// Round trips through `site` until it has said `text` `times` times: none may be lost.
  void expect_no_loss_until(RunningProcess& site, const std::string& text, size_t times,
                            const Words& more = {}) {
    do {
      Words arguments{"--to", "site-1", "-c", "3000", "--json"};
      arguments.insert(arguments.end(), more.begin(), more.end());
      const base::Json data = data_of(deployment_.run("ping", "site-2", arguments));
      ASSERT_EQ(data["lost"].integer(-1), 0) << site.errors();
    } while (times_said(site, text) < times && !HasFailure());
    EXPECT_EQ(times_said(site, "client.disconnected"), 0u) << site.errors();
  }

  GivenDeployment deployment_;
};
INSTANTIATE_TEST_SUITE_P(Tcp, SessionLife, kSecurities, security_name);
INSTANTIATE_TEST_SUITE_P(Other, SessionLife, kOtherTransports, security_name);

TEST_P(SessionLife, LosesNothingWhileTokensAreRenewed) {
  deployment_.start_server({"--set", "token_lifetime=2s"});
  const auto client = deployment_.start_client("site-1", {"--echo", "-v"});

  expect_no_loss_until(*client, "client.renewed", 3);

  EXPECT_EQ(deployment_.stop_server()["refused"].members().size(), 0u);
}

TEST_P(SessionLife, LosesNothingWhileTokensAreRenewedUnderCompactHeaders) {
  const Words compact{"--set", "compact_headers=true"};
  deployment_.start_server({"--set", "token_lifetime=2s"});
  const auto client = deployment_.start_client("site-1", {"--echo", "-v", "--set", "compact_headers=true"});

  expect_no_loss_until(*client, "client.renewed", 2, compact);

  EXPECT_EQ(deployment_.stop_server()["refused"].members().size(), 0u);
}

TEST_P(SessionLife, LosesNothingWhileItLogsInAnewBesideItself) {
  deployment_.start_server({"--set", "token_lifetime=2s"});
  const auto client = deployment_.start_client("site-1", {"--echo", "-v", "--set", "session_lifetime=2s"});

  expect_no_loss_until(*client, "client.logged_in_again", 3);

  EXPECT_GE(deployment_.stop_server()["logins"].integer(), 4);
}

/// Where something can stand between a site and the server.
class BrokenConnection : public SessionLife {};
INSTANTIATE_TEST_SUITE_P(Tcp, BrokenConnection, kSecurities, security_name);
INSTANTIATE_TEST_SUITE_P(Other, BrokenConnection, testing::Values("exec", "zmq_clear", "zmq_tls", "zmq_mtls"),
                         security_name);

TEST_P(BrokenConnection, IsMadeAgainAndTheSessionGoesOn) {
  deployment_.start_server();
  Relay relay({.target = deployment_.port()});
  Words arguments{"client",
                  "--echo",
                  "-v",
                  "-k",
                  deployment_.kit("site-1").string(),
                  "--set",
                  "connect_to=" + deployment_.address_at(relay.port())};
  const auto client = start_fairlead(arguments);
  ASSERT_EQ(read_json(*client)["event"].text(), "ready") << client->errors();

  for (int i = 0; i < 3; ++i) {
    relay.cut();
    ASSERT_EQ(read_json(*client)["event"].text(), "ready") << client->errors();
  }

  const base::Json stopped = deployment_.stop_server();
  EXPECT_EQ(stopped["logins"].integer(), 1) << stopped.dump();
  EXPECT_EQ(stopped["resumed"].integer(), 3) << stopped.dump();
}

TEST_P(SessionLife, EndsWithItsServer) {
  deployment_.start_server();
  const auto client = deployment_.start_client("site-1");
  deployment_.restart_server();
  ASSERT_EQ(read_json(*client)["event"].text(), "ready") << client->errors();

  const base::Json stopped = deployment_.stop_server();
  EXPECT_EQ(stopped["logins"].integer(), 1) << stopped.dump();
  EXPECT_EQ(stopped["refused"].members().size(), 0u) << "the boot id told that the session is gone";
}

}  // namespace
}  // namespace fairlead::integration

// What passes on the wire and what does not: N44, N51, and a recorder in front of the server.
#include <algorithm>

#include "base/assert.hpp"
#include "integration/given_deployment.hpp"
#include "integration/relay.hpp"
#include "support/hostile_client.hpp"
#include "support/live_client.hpp"

namespace fairlead::integration {
namespace {

constexpr std::string_view kFrameMagic("FLD\x01", 4);
constexpr uint8_t kTlsHandshake = 22, kTlsApplicationData = 23;

/// Content types of the TLS records in a recorded direction (RFC 8446, 5.1).
std::vector<uint8_t> tls_records(std::string_view recorded) {
  std::vector<uint8_t> types;
  while (recorded.size() >= 5) {
    const auto byte = [&](size_t at) { return static_cast<uint8_t>(recorded[at]); };
    types.push_back(byte(0));
    const size_t size = 5 + static_cast<size_t>(byte(3) << 8 | byte(4));
    recorded.remove_prefix(std::min(size, recorded.size()));
  }
  return types;
}

kit::Kit open_kit(const fs::path& path) {
  auto kit = kit::Kit::open(path, kit::VersionMemory::only_check);
  FAIRLEAD_ASSERT(kit.has_value());
  return std::move(*kit);
}

/// A project whose clients want mtls and whose server listens with something weaker.
std::string project_with_weak_server(const std::string& server_security) {
  std::string text = project_of("mtls");
  const std::string server = "type: server, ";
  return text.insert(text.find(server) + server.size(), "connection_security: " + server_security + ", ");
}

/// site-1, which wants mtls, pings such a server by way of a recorder.
class Downgrade : public testing::TestWithParam<const char*> {
 protected:
  Downgrade() : deployment_(project_with_weak_server(GetParam())) { deployment_.start_server(); }
  Finished ping(const Relay& relay) {
    return fairlead({"ping", "-k", deployment_.kit("site-1").string(), "--to", "server", "--set",
                     "connect_to=tcp://127.0.0.1:" + relay.port()});
  }

  GivenDeployment deployment_;
};
INSTANTIATE_TEST_SUITE_P(N51, Downgrade, testing::Values("clear", "tls"), security_name);

TEST_P(Downgrade, N51ClientThatWantsMutualTlsGoesNoFurther) {
  const Relay relay({.target = deployment_.port()});

  const Finished done = ping(relay);

  EXPECT_EQ(done.code, 2) << done.err;
  EXPECT_EQ(done.err.rfind("fairlead: ", 0), 0u) << done.err;
  EXPECT_EQ(deployment_.stop_server()["logins"].integer(-1), 0);
}

TEST_P(Downgrade, N51ClientThatWantsMutualTlsSendsNoByteOfItsLogin) {
  const Relay relay({.target = deployment_.port()});

  ping(relay);

  const std::string sent = relay.from_clients();
  const auto records = tls_records(sent);
  EXPECT_EQ(sent.find(kFrameMagic), std::string::npos);
  ASSERT_FALSE(records.empty());
  EXPECT_EQ(records.front(), kTlsHandshake);
  // Its Finished and an alert at most: a login would be a record more.
  EXPECT_LE(std::count(records.begin(), records.end(), kTlsApplicationData), 2);
}

TEST(Wire, ClearConnectionShowsNoPayload) {
  GivenDeployment deployment(project_of("clear"));
  deployment.start_server({"--echo"});
  const Relay relay({.target = deployment.port()});

  const Finished done =
      fairlead({"request", "-k", deployment.kit("site-1").string(), "--to", "server", "--topic", "t",
                "--data", "a canary in the payload", "--set", "connect_to=tcp://127.0.0.1:" + relay.port()});

  EXPECT_EQ(done.out, "a canary in the payload") << done.err;
  EXPECT_EQ((relay.from_clients() + relay.from_server()).find("canary"), std::string::npos);
}

TEST(Wire, ReplayOfAWholeRecordedSessionLogsNobodyIn) {
  GivenDeployment deployment(project_of("clear"));
  deployment.start_server({"--echo"});
  std::string recorded;
  {
    const Relay relay({.target = deployment.port()});
    ASSERT_EQ(fairlead({"ping", "-k", deployment.kit("site-1").string(), "--to", "server", "-c", "1", "--set",
                        "connect_to=tcp://127.0.0.1:" + relay.port()})
                  .code,
              0);
    recorded = relay.from_clients();
  }
  send_and_read_to_end(deployment.port(), recorded);

  EXPECT_EQ(deployment.stop_server()["logins"].integer(-1), 1);
}

class Receiver : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Tcp, Receiver, kSecurities, security_name);

TEST_P(Receiver, N44SeesNoCredentialsOfTheSender) {
  const support::GivenProject project(project_of(GetParam()));
  support::LiveServer server(project.kit("server"));
  support::LiveClient receiver(project.kit("site-2"), server.address());
  ASSERT_TRUE(receiver.wait_ready().has_value()) << receiver.log().text();
  const kit::Kit site_1 = open_kit(project.kit("site-1"));
  support::HostileClient sender(site_1, site_1, {.address = server.address()});
  ASSERT_TRUE(sender.log_in());

  sender.send(sender.next_message(sender.honest_draft("site-2", "news")));

  ASSERT_TRUE(sender.is_still_served());
  const auto received = receiver.wait_received(1);
  ASSERT_EQ(received.size(), 1u);
  EXPECT_EQ(received[0].client_name, "");
  EXPECT_TRUE(received[0].token.empty());
  EXPECT_TRUE(received[0].token_signature.empty());
  const std::string_view headers = base::as_text(received[0].portable);
  EXPECT_EQ(headers.find(base::as_text(sender.session().current.token)), std::string_view::npos);
  EXPECT_EQ(headers.find(base::as_text(sender.session().current.token_signature)), std::string_view::npos);
}

TEST_P(Receiver, FileNameThatLeavesTheInboxStaysInside) {
  GivenDeployment deployment(project_of(GetParam()));
  const fs::path inbox = deployment.folder() / "deep" / "inbox";
  fs::create_directories(inbox);
  deployment.start_server({"--inbox", inbox.string()});
  const kit::Kit site_1 = open_kit(deployment.kit("site-1"));
  support::HostileClient sender(site_1, site_1, {.address = "tcp://127.0.0.1:" + deployment.port()});
  ASSERT_TRUE(sender.log_in());
  auth::Draft draft = sender.honest_draft("server", "file");
  draft.user_headers = {{"name", "../../escaped name"}};

  sender.send(sender.next_message(std::move(draft)));

  ASSERT_TRUE(sender.is_still_served());
  ASSERT_TRUE(deployment.server().wait_for_error("inbox.stored")) << deployment.server().errors();
  EXPECT_TRUE(fs::exists(inbox / "escaped name"));
  EXPECT_FALSE(fs::exists(deployment.folder() / "escaped name"));
}

}  // namespace
}  // namespace fairlead::integration

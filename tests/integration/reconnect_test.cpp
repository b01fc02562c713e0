// Processes that die, come back and end in order.
#include <sys/stat.h>

#include <csignal>
#include <fstream>

#include "auth/control.hpp"
#include "integration/given_deployment.hpp"
#include "integration/relay.hpp"
#include "loop/buffer_pool.hpp"

namespace fairlead::integration {
namespace {

const Words kQuick{"--set", "heartbeat_interval=200ms"};

class Reconnect : public testing::TestWithParam<const char*> {
 protected:
  Reconnect() : deployment_(project_of(GetParam())) { deployment_.start_server({"--echo"}); }

  GivenDeployment deployment_;
};
INSTANTIATE_TEST_SUITE_P(Tcp, Reconnect, kSecurities, security_name);
INSTANTIATE_TEST_SUITE_P(Other, Reconnect, kOtherTransports, security_name);

TEST_P(Reconnect, ClientGetsReadyAgainAfterTheServerWasKilled) {
  const auto client = deployment_.start_client("site-1", kQuick);

  deployment_.restart_server();

  EXPECT_EQ(read_json(*client)["event"].text(), "ready") << client->errors();
}

TEST_P(Reconnect, ReturnedClientAnswersRequests) {
  Words options = kQuick;
  options.push_back("--echo");
  const auto client = deployment_.start_client("site-1", options);
  deployment_.restart_server();
  ASSERT_EQ(read_json(*client)["event"].text(), "ready") << client->errors();

  const Finished done =
      deployment_.run("request", "site-2", {"--to", "site-1", "--topic", "t", "--data", "back?"});

  EXPECT_EQ(done.out, "back?") << done.err;
}

TEST_P(Reconnect, ListenerSurvivesARestartOfTheServer) {
  const auto listener = deployment_.start_listener("site-2", "news", kQuick);
  deployment_.restart_server();
  ASSERT_TRUE(listener->wait_for_error("listening as site-2/listen\nfairlead: listening as"))
      << listener->errors();

  deployment_.run("send", "site-1", {"--to", "site-2/listen", "--topic", "news", "--data", "again"});

  EXPECT_EQ(read_json(*listener)["text"].text(), "again");
}

TEST_P(Reconnect, ClientFindsAServerThatStoppedAnswering) {
  const auto client = deployment_.start_client("site-1", kQuick);

  deployment_.server().signal(SIGSTOP);
  const bool noticed = client->wait_for_error("no heartbeat");
  deployment_.server().signal(SIGCONT);

  EXPECT_TRUE(noticed) << client->errors();
  EXPECT_EQ(read_json(*client)["event"].text(), "ready") << client->errors();
}

TEST_P(Reconnect, ServerDrainsOnSigterm) {
  const auto client = deployment_.start_client("site-1");

  const base::Json stopped = deployment_.stop_server();

  EXPECT_EQ(stopped["logins"].integer(), 1) << stopped.dump();
}

TEST_P(Reconnect, ServerFinishesWhatItIsDoingBeforeItEnds) {
  const std::string answer = (deployment_.folder() / "answer").string();
  ASSERT_EQ(::mkfifo(answer.c_str(), 0600), 0);
  deployment_.restart_server({"--on", "slow=/bin/cat " + answer});
  Words arguments{"request", "--to", "server", "--topic", "slow", "--data", ""};
  for (const std::string& word : deployment_.site("site-1")) arguments.push_back(word);
  const auto request = start_fairlead(arguments);
  std::ofstream handler(answer);  // opens once the command runs
  deployment_.server().signal(SIGTERM);
  ASSERT_TRUE(deployment_.server().wait_for_error("service.stopping")) << deployment_.server().errors();

  handler << "done" << std::flush;
  handler.close();

  EXPECT_EQ(request->finish().out, "done") << deployment_.server().errors();
}

TEST_P(Reconnect, ClientEndsWithCode0OnSigterm) {
  const auto client = deployment_.start_client("site-1");

  client->signal(SIGTERM);

  EXPECT_EQ(client->finish().code, 0);
}

TEST_P(Reconnect, SignalsThatArriveWhileItEndsDoNoHarm) {
  const auto client = deployment_.start_client("site-1");

  for (int i = 0; i < 100; ++i) client->signal(SIGTERM);

  EXPECT_EQ(client->finish().code, 0);
}

TEST_P(Reconnect, ClientThatWaitsForAServerEndsWithCode0OnSigterm) {
  const auto client = deployment_.start_client("site-1");
  deployment_.stop_server();
  ASSERT_TRUE(client->wait_for_error("client.disconnected")) << client->errors();

  client->signal(SIGTERM);

  EXPECT_EQ(client->finish().code, 0);
}

/// What a server answers that has no room for another login.
std::string busy_answer() {
  loop::BufferPool pool(0);
  frame::Outbox outbox(pool);
  auth::append_error(base::Refusal::busy, "retry after 5 s", nullptr, nullptr, outbox);
  std::string all;
  for (const base::ByteView part : outbox.begin_send(SIZE_MAX)) all += base::as_text(part);
  outbox.end_send();
  return all;
}

class BusyServer : public testing::Test {
 protected:
  Words to_server() const {
    return {"-k", deployment_.kit("site-1").string(), "--set", "connect_to=tcp://127.0.0.1:" + relay_.port()};
  }

  GivenDeployment deployment_{project_of("clear")};
  Relay relay_{{.answer = busy_answer()}};
};

TEST_F(BusyServer, IsTriedAgainLater) {
  Words arguments = to_server();
  arguments.insert(arguments.begin(), "client");
  const auto client = start_fairlead(arguments);

  EXPECT_TRUE(client->wait_for_error("client.disconnected")) << client->errors();

  EXPECT_NE(client->errors().find("busy (retry after 5 s)"), std::string::npos) << client->errors();
  client->signal(SIGTERM);
  EXPECT_EQ(client->finish().code, 0);
}

TEST_F(BusyServer, IsWhatAOneShotCommandSays) {
  Words arguments = to_server();
  arguments.insert(arguments.begin(), {"ping", "--to", "server"});

  expect_refused(fairlead(arguments), 2, "busy (retry after 5 s); the server has no room");
}

}  // namespace
}  // namespace fairlead::integration

// What people do with send, request, listen, ping and status, between real processes.
#include <sys/stat.h>

#include "integration/given_deployment.hpp"

namespace fairlead::integration {
namespace {

constexpr size_t kMostPayload = size_t{16} << 20;

class Messages : public EachSecurity {};
INSTANTIATE_TEST_SUITE_P(Tcp, Messages, kSecurities, security_name);
INSTANTIATE_TEST_SUITE_P(Other, Messages, kOtherTransports, security_name);

std::string file_of(const GivenDeployment& deployment, const std::string& name, size_t size) {
  const fs::path path = deployment.folder() / name;
  support::write_text(path, std::string(size, 'x'));
  return path.string();
}

/// A named pipe: reading it waits for the command that writes.
std::string pipe_of(const GivenDeployment& deployment, const std::string& name) {
  std::string path = (deployment.folder() / name).string();
  EXPECT_EQ(::mkfifo(path.c_str(), 0600), 0);
  return path;
}

TEST_P(Messages, RequestGetsItsAnswer) {
  const Finished done =
      deployment_.run("request", "site-1", {"--to", "server", "--topic", "t", "--data", "hello"});

  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(done.out, "hello");
}

TEST_P(Messages, RequestReachesAnotherSite) {
  const auto other = deployment_.start_client("site-2", {"--echo"});

  const Finished done =
      deployment_.run("request", "site-1", {"--to", "site-2", "--topic", "t", "--data", "hello"});

  EXPECT_EQ(done.out, "hello") << done.err;
}

TEST_P(Messages, PayloadComesFromStandardInput) {
  Words arguments{"request", "--to", "server", "--topic", "t", "-"};
  for (const std::string& word : deployment_.site("site-1")) arguments.push_back(word);

  const Finished done = fairlead(arguments, {.input = "from a pipe"});

  EXPECT_EQ(done.out, "from a pipe") << done.err;
}

TEST_P(Messages, OnewayReachesAListener) {
  const auto listener = deployment_.start_listener("site-2", "news");

  const Finished sent =
      deployment_.run("send", "site-1", {"--to", "site-2/listen", "--topic", "news", "--data", "one way"});

  EXPECT_EQ(sent.code, 0) << sent.err;
  const base::Json line = read_json(*listener);
  EXPECT_EQ(line["text"].text(), "one way");
  EXPECT_EQ(line["from"].text().rfind("site-1/cli-", 0), 0u);
}

TEST_P(Messages, BroadcastReachesEverySite) {
  const std::string first = pipe_of(deployment_, "first"), second = pipe_of(deployment_, "second");
  const auto site_1 = deployment_.start_client("site-1", {"--on", "announce=/usr/bin/tee " + first});
  const auto site_2 = deployment_.start_client("site-2", {"--on", "announce=/usr/bin/tee " + second});

  deployment_.run("send", "site-1", {"--to", "server", "--topic", "announce", "--data", "all"});

  EXPECT_EQ(support::read_text(first), "all");  // opens once the command runs, ends with it
  EXPECT_EQ(support::read_text(second), "all");
}

TEST_P(Messages, CommandAnswersWithItsOutput) {
  const auto worker = deployment_.start_client("site-2", {"--on", "upper=/usr/bin/tr a-z A-Z"});

  const Finished done =
      deployment_.run("request", "site-1", {"--to", "site-2", "--topic", "upper", "--data", "quiet words"});

  EXPECT_EQ(done.out, "QUIET WORDS") << done.err;
}

TEST_P(Messages, CommandIsToldWhoAsks) {
  const auto worker = deployment_.start_client("site-2", {"--on", "who=/usr/bin/printenv FAIRLEAD_FROM"});

  const Finished done = deployment_.run("request", "site-1",
                                        {"--as", "tester", "--to", "site-2", "--topic", "who", "--data", ""});

  EXPECT_EQ(done.out, "site-1/tester\n") << done.err;
}

TEST_P(Messages, EmptyPayloadComesBackEmpty) {
  const base::Json data = data_of(
      deployment_.run("request", "site-1", {"--to", "server", "--topic", "t", "--data", "", "--json"}));

  EXPECT_EQ(data["bytes"].integer(-1), 0);
}

TEST_P(Messages, LargestPayloadPasses) {
  const std::string answer = (deployment_.folder() / "answer").string();
  const std::string largest = file_of(deployment_, "largest", kMostPayload);

  const Finished done = deployment_.run("request", "site-1",
                                        {"--to", "server", "--topic", "t", "--file", largest, "-o", answer});

  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_TRUE(support::read_text(answer) == support::read_text(largest));
}

TEST_P(Messages, PayloadAboveTheLimitIsRefusedBeforeConnecting) {
  const std::string file = file_of(deployment_, "too-large", kMostPayload + 1);

  const Finished done = deployment_.run("send", "site-1", {"--to", "server", "--topic", "t", "--file", file});

  expect_refused(done, 4, "has more than 16 MiB");
  EXPECT_EQ(deployment_.stop_server()["connections"].integer(-1), 0);
}

TEST_P(Messages, FileIsStoredUnderItsNameWithASpace) {
  const std::string file = file_of(deployment_, "source file.bin", 70'000);

  const base::Json data =
      data_of(deployment_.run("request", "site-1", {"--to", "server", "--file", file, "--json"}));

  const auto answer = base::Json::parse(data["text"].text());
  ASSERT_TRUE(answer.has_value()) << data.dump();
  EXPECT_EQ((*answer)["stored"].text(), "source file-1.bin");  // the inbox holds the source itself
  EXPECT_TRUE(support::read_text(deployment_.folder() / "source file-1.bin") == support::read_text(file));
}

TEST_P(Messages, NobodyUnderThatNameIsSaidSo) {
  const Finished done =
      deployment_.run("request", "site-1", {"--to", "site-2", "--topic", "t", "--data", "hello"});

  expect_refused(done, 1, "no_such_endpoint");
}

TEST_P(Messages, OnewayToNobodyIsSaidSo) {
  const Finished done =
      deployment_.run("send", "site-1", {"--to", "site-2/nobody", "--topic", "t", "--data", "hello"});

  expect_refused(done, 1, "no_such_endpoint");
}

TEST_P(Messages, NameOutsideTheProjectIsSaidSo) {
  const Finished done =
      deployment_.run("request", "site-1", {"--to", "site-99", "--topic", "t", "--data", "hello"});

  expect_refused(done, 1, "no_such_endpoint");
}

TEST_P(Messages, DeadlineEndsWithCode3) {
  const auto slow = deployment_.start_client("site-2", {"--on", "slow=/usr/bin/sleep 60"});

  const Finished done = deployment_.run(
      "request", "site-1", {"--to", "site-2", "--topic", "slow", "--data", "", "--timeout", "300ms"});

  expect_refused(done, 3, "300 ms");
}

TEST_P(Messages, TopicThatNobodyHandlesIsRefused) {
  const auto deaf = deployment_.start_client("site-2");

  const Finished done =
      deployment_.run("request", "site-1", {"--to", "site-2", "--topic", "unknown", "--data", "x"});

  expect_refused(done, 1, "nothing handles topic unknown");
}

TEST_P(Messages, RefusalIsOneJsonObject) {
  const Finished done =
      deployment_.run("request", "site-1", {"--to", "site-2", "--topic", "t", "--data", "x", "--json"});

  const auto answer = base::Json::parse(done.out);
  ASSERT_TRUE(answer.has_value()) << done.out;
  EXPECT_EQ((*answer)["status"].text(), "error");
  EXPECT_EQ((*answer)["error"]["reason"].text(), "no_such_endpoint");
}

TEST_P(Messages, PingCountsRoundTrips) {
  const base::Json data = data_of(deployment_.run("ping", "site-1", {"--to", "server", "-c", "3", "--json"}));

  EXPECT_GT(data["rtt_us"]["p50"].number(), 0) << data.dump();
}

TEST_P(Messages, StatusSaysHowTheLinkIsProtected) {
  const base::Json link = data_of(deployment_.run("status", "site-1", {"--json"}))["link"];

  const std::string_view way(GetParam());
  const bool is_clear = way.ends_with("clear") || way == "unix" || way == "exec";
  EXPECT_EQ(link["message_security"].text(), is_clear ? "seal" : "mac");
  const size_t proved = is_clear ? 0 : way.ends_with("mtls") ? 3 : 2;
  EXPECT_EQ(link["proved"].items().size(), proved) << link.dump();
}

TEST_P(Messages, OneShotDoesNotDisturbTheRunningClient) {
  const auto running = deployment_.start_client("site-1", {"--echo"});

  const Finished done =
      deployment_.run("request", "site-1", {"--to", "site-1", "--topic", "t", "--data", "myself"});

  EXPECT_EQ(done.out, "myself") << done.err;
}

TEST_P(Messages, SecondClientOfASiteIsRefused) {
  const auto running = deployment_.start_client("site-1");

  const Finished second = deployment_.run("client", "site-1", {"-q"});

  expect_refused(second, 2, "endpoint_in_use");
}

}  // namespace
}  // namespace fairlead::integration

// The command of a site that is its link: what it is told, what it may say, and how it ends.
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>

#include "integration/given_deployment.hpp"
#include "kit/descriptor.hpp"

namespace fairlead::integration {
namespace {

class Exec : public testing::Test {
 protected:
  Exec() : deployment_(project_of("exec")) { deployment_.start_server({"--echo"}); }

  /// The command of site-1 for the next start.
  void use(const std::string& command) const {
    support::write_text(deployment_.kit("site-1") / "local" / "fairlead.yml",
                        "transports:\n  exec:\n    command: >-\n      " + command + "\n");
  }
  std::string socat() const { return "exec " + tool("socat") + " - TCP:%h:%p"; }
  Finished ask(const Words& more = {}) const {
    Words words{"--to", "server", "--topic", "t", "--data", "carried"};
    words.insert(words.end(), more.begin(), more.end());
    return deployment_.run("request", "site-1", words);
  }

  GivenDeployment deployment_;
};

/// Readable once the process has ended.
kit::Descriptor end_of(const std::string& pid) {
  return kit::Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, std::stoi(pid), 0)));
}
bool has_ended(const kit::Descriptor& end, std::chrono::milliseconds limit) {
  pollfd one{end.get(), POLLIN, 0};
  return ::poll(&one, 1, static_cast<int>(limit.count())) == 1;
}

TEST_F(Exec, CommandIsGivenHostAndPortAndKeepsItsPercentSigns) {
  use("[ %h.%p = 127.0.0.1." + deployment_.port() + " ] && [ \"$(printf '%%s' a)\" = a ] && " + socat());

  const Finished done = ask();

  EXPECT_EQ(done.out, "carried") << done.err;
}

TEST_F(Exec, CommandSpeaksOnTheNodesOwnStandardError) {
  use("echo says the tunnel >&2; " + socat());

  EXPECT_NE(ask().err.find("says the tunnel\n"), std::string::npos);
}

TEST_F(Exec, ExitCodeOfACommandThatFailsIsLogged) {
  use("exit 7");

  const Finished done = ask({"-v"});

  EXPECT_EQ(done.code, 2) << done.err;
  EXPECT_NE(done.err.find("the command ended with exit code 7"), std::string::npos) << done.err;
}

TEST_F(Exec, CommandThatIsNotThereIsNamedByTheShell) {
  use("no-such-tunnel %h %p");

  const Finished done = ask();

  EXPECT_EQ(done.code, 2) << done.err;
  EXPECT_NE(done.err.find("no-such-tunnel"), std::string::npos) << done.err;
}

TEST_F(Exec, WhateverTheCommandStartedEndsWithTheConnection) {
  const fs::path noted = deployment_.folder() / "pid";
  use("sleep 1000 & echo $! > '" + noted.string() + "'; " + socat());
  const auto client = deployment_.start_client("site-1");
  const kit::Descriptor end = end_of(support::read_text(noted));
  ASSERT_FALSE(has_ended(end, std::chrono::milliseconds(0)));

  client->signal(SIGTERM);
  EXPECT_EQ(client->finish().code, 0);

  EXPECT_TRUE(has_ended(end, support::kPatience));
}

TEST_F(Exec, AddressIsNoWayIntoTheShell) {
  const fs::path made = deployment_.folder() / "made";
  use("echo %h");

  for (const std::string& host :
       {"$(touch " + made.string() + ")", std::string("a;id"), std::string("-oProxyCommand=x")})
    EXPECT_EQ(fairlead({"request", "-k", deployment_.kit("site-1").string(), "--set",
                        "connect_to=exec://" + host + ":1", "--to", "server", "--topic", "t", "--data", ""})
                  .code,
              4)
        << host;

  EXPECT_FALSE(fs::exists(made));
}

TEST_F(Exec, EmptyCommandIsRefused) {
  support::write_text(deployment_.kit("site-1") / "local" / "fairlead.yml",
                      "transports: {exec: {command: \"  \"}}\n");

  expect_refused(ask(), 4, "command");
}

}  // namespace
}  // namespace fairlead::integration

// What must stay in: private keys, passphrases and tokens, looked for in everything that real processes
// print, are started with, leave behind or say when they fail.
#include <csignal>
#include <cstdlib>
#include <fstream>

#include "integration/given_deployment.hpp"

namespace fairlead::integration {
namespace {

const std::string kPassphrase = "canary-of-the-root-key-8c1f";
const std::string kBoss = "boss@o.example";

/// Long enough to be nobody's accident.
constexpr size_t kTelling = 24;

std::string administered(const std::string& security) {
  return project_of(security) +
         "- {name: boss@o.example, type: admin, org: o, role: project_admin, connect_to: 127.0.0.1}\n";
}

/// Every line of base64 of every private key below `folder`.
Words lines_of_keys(const fs::path& folder) {
  Words lines;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".key") continue;
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);)
      if (line.size() >= kTelling && line.find("PRIVATE KEY") == std::string::npos) lines.push_back(line);
  }
  return lines;
}

/// A file of /proc: its size is not known before it is read.
std::string read_proc(pid_t pid, const std::string& name) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class Secrets : public testing::TestWithParam<const char*> {
 protected:
  Secrets() : deployment_(administered(GetParam())), canaries_(lines_of_keys(deployment_.workspace())) {
    // A token begins so; in the clear, in hexadecimal and in base64.
    canaries_.insert(canaries_.end(), {"FLT1", "464c5431", "464C5431", "RkxUMQ", kPassphrase, "PRIVATE KEY"});
  }
  void expect_clean(const std::string& text, const std::string& where) const {
    for (const std::string& canary : canaries_)
      EXPECT_EQ(text.find(canary), std::string::npos) << canary << " in " << where << ":\n" << text;
  }
  void expect_clean(const RunningProcess& process) const {
    for (const std::string name : {"cmdline", "environ"})
      expect_clean(read_proc(process.pid(), name), name + " of " + std::to_string(process.pid()));
  }
  void expect_clean(const Finished& finished, const std::string& where) const {
    expect_clean(finished.out, "output of " + where);
    expect_clean(finished.err, "errors of " + where);
  }

  GivenDeployment deployment_;
  Words canaries_;
};
INSTANTIATE_TEST_SUITE_P(Tcp, Secrets, kSecurities, security_name);
INSTANTIATE_TEST_SUITE_P(Other, Secrets, kOtherSchemes, security_name);

TEST_P(Secrets, AreInKeysThatTheTestKnows) { EXPECT_GE(lines_of_keys(deployment_.workspace()).size(), 8u); }

TEST_P(Secrets, StayOutOfLogsCommandLinesAndEnvironments) {
  for (const std::string format : {"text", "json"}) {
    const Words loud{"-v", "--log-format", format};
    deployment_.start_server({"--echo", "-v", "--log-format", format, "--set", "token_lifetime=2s"});
    const auto site =
        deployment_.start_client("site-1", {"--on", "who=/usr/bin/env", "-v", "--log-format", format});
    ASSERT_TRUE(site->wait_for_error("client.renewed")) << site->errors();

    Words asked{"--to", "site-1", "--topic", "who", "--data", ""};
    asked.insert(asked.end(), loud.begin(), loud.end());
    const Finished child = deployment_.run("request", "site-2", asked);
    EXPECT_EQ(child.code, 0) << child.err;
    const Finished audit = deployment_.run("admin", kBoss, {"kick", "site-1"});
    EXPECT_EQ(audit.code, 0) << audit.err;

    expect_clean(child, "a handler's environment");
    expect_clean(audit, "admin");
    expect_clean(*site);
    expect_clean(deployment_.server());
    site->signal(SIGTERM);
    expect_clean(site->finish(), "client");
    deployment_.server().signal(SIGTERM);
    expect_clean(deployment_.server().finish(), "server");
  }
}

TEST_P(Secrets, StayOutOfWhatAServerLeavesBehind) {
  deployment_.start_server({"--echo", "--set", "token_lifetime=2s"});
  EXPECT_EQ(deployment_.run("admin", kBoss, {"disable", "site-2"}).code, 0);
  EXPECT_EQ(deployment_.run("ping", "site-1", {"--to", "server", "-c", "1"}).code, 0);

  deployment_.server().signal(SIGKILL);
  deployment_.server().finish();

  size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(deployment_.kit("server") / "state")) {
    if (!entry.is_regular_file()) continue;
    ++files;
    expect_clean(support::read_text(entry.path()), entry.path().string());
  }
  EXPECT_GE(files, 2u);
}

TEST_P(Secrets, StayOutOfErrorsAboutTheFilesThatHoldThem) {
  const fs::path key = deployment_.kit("site-1") / "startup" / "client.key";
  const std::string whole = support::read_text(key);
  ASSERT_FALSE(whole.empty());

  for (const size_t cut : {size_t{1}, whole.size() / 2, whole.size() - 30}) {
    support::write_text(key, whole.substr(0, cut) + "\n");
    const Finished done = deployment_.run("ping", "site-1", {"--to", "server", "-c", "1", "-v"});
    EXPECT_EQ(done.code, 4) << done.err;
    expect_clean(done, "a client with a broken key");
  }
}

TEST_P(Secrets, NeverGoIntoACoreDump) {
  deployment_.start_server({"--echo"});

  const std::string limits = read_proc(deployment_.server().pid(), "limits");
  const size_t at = limits.find("Max core file size");

  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(limits.substr(at, limits.find('\n', at) - at).find_first_of("123456789"), std::string::npos)
      << limits;
  EXPECT_EQ(limits.substr(at, limits.find('\n', at) - at).find("unlimited"), std::string::npos) << limits;
}

TEST(RootPassphrase, StaysOutOfOutputErrorsAndFiles) {
  const support::TempDir folder;
  support::write_text(folder.path() / "project.yml", project_of("mtls"));
  const Words provision{"provision",
                        (folder.path() / "project.yml").string(),
                        "-w",
                        (folder.path() / "w").string(),
                        "--passphrase-env",
                        "ROOT_PASSPHRASE"};
  const RunningProcess::Options given{.environment = {"ROOT_PASSPHRASE=" + kPassphrase}};
  const RunningProcess::Options wrong{.environment = {"ROOT_PASSPHRASE=" + kPassphrase + "x"}};

  const Finished first = fairlead(provision, given);
  support::write_text(folder.path() / "project.yml",
                      project_of("mtls") + "- {name: site-3, type: client, org: o}\n");
  const Finished second = fairlead(provision, wrong);

  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_EQ(second.code, 4) << second.err;
  for (const Finished* done : {&first, &second})
    EXPECT_EQ((done->out + done->err).find(kPassphrase), std::string::npos) << done->err;
  for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
    if (!entry.is_regular_file()) continue;
    EXPECT_EQ(support::read_text(entry.path()).find(kPassphrase), std::string::npos) << entry.path();
  }
}

}  // namespace
}  // namespace fairlead::integration

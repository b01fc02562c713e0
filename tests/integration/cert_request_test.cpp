// Keys that never travel and certificates that are renewed, with the real program.
#include <csignal>
#include <fstream>

#include "integration/given_deployment.hpp"

namespace fairlead::integration {
namespace {

/// Every site and the server keep their keys.
std::string distributed() {
  return "api_version: 3\nname: works\nparticipants:\n"
         "- {name: server, type: server, org: o, key_custody: site, host_names: [localhost, 127.0.0.1]}\n"
         "- {name: site-1, type: client, org: o, key_custody: site, connect_to: 127.0.0.1}\n"
         "- {name: site-2, type: client, org: o, connect_to: 127.0.0.1}\n";
}

std::string with_issuing_ca(const std::string& security) {
  std::string project = project_of(security);
  return project.replace(project.find("type: server"), 12, "type: server, issuing_ca: true");
}

std::string read_proc(pid_t pid, const std::string& name) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The lines of a key that no other key has.
Words lines_of(const fs::path& key_file) {
  Words lines;
  std::ifstream file(key_file);
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  EXPECT_GE(lines.size(), 4u) << key_file;
  if (lines.size() < 4) return {};
  return {lines.begin() + 2, lines.end() - 1};
}

class CertRequest : public testing::Test {
 protected:
  CertRequest() {
    support::write_text(file("project.yml"), distributed());
    const base::Json made =
        data_of(fairlead({"provision", file("project.yml"), "-w", file("w"), "--no-passphrase", "--json"}));
    root_ = made["root_sha256"].text();
  }
  std::string file(const std::string& name) const { return (folder_.path() / name).string(); }
  /// With the working directory of the test.
  Finished run(const Words& arguments) const {
    RunningProcess::Options options;
    options.folder = folder_.path().string();
    return fairlead(arguments, options);
  }
  void approve_and_install(const std::string& name) const {
    const Finished approved = run({"cert", "approve", name + "-request.zip", "-w", "w", "-o",
                                   name + "-approval.zip", "--no-passphrase"});
    ASSERT_EQ(approved.code, 0) << approved.err;
    EXPECT_NE(approved.err.find(root_), std::string::npos) << approved.err;
    const Finished installed =
        run({"cert", "install", name + "-approval.zip", "--fingerprint", root_, "--json"});
    ASSERT_EQ(installed.code, 0) << installed.err;
  }

  /// The server of the installed kit; its address is in `address_`.
  std::unique_ptr<RunningProcess> given_server() {
    auto server = start_fairlead({"server", "-k", file("server"), "--echo", "--set", "listen.port=0", "--set",
                                  "listen.host=127.0.0.1"});
    const base::Json ready = read_json(*server);
    EXPECT_EQ(ready["event"].text(), "ready") << server->errors();
    if (!ready["listeners"].items().empty()) address_ = ready["listeners"].items().front().text();
    return server;
  }

  support::TempDir folder_;
  std::string root_, address_;
};

TEST_F(CertRequest, AServerAndASiteThatKeepTheirKeysTalk) {
  ASSERT_EQ(run({"cert", "request", "project.yml", "server", "-o", "server-request.zip"}).code, 0);
  ASSERT_EQ(run({"cert", "request", "works", "site-1", "-o", "site-1-request.zip"}).code, 0);
  approve_and_install("server");
  approve_and_install("site-1");

  const auto server = given_server();
  const Finished answered = run({"request", "-k", file("site-1"), "--set", "connect_to=" + address_, "--to",
                                 "server", "--topic", "t", "--data", "hello"});

  EXPECT_EQ(answered.code, 0) << answered.err;
  EXPECT_EQ(answered.out, "hello");
}

TEST_F(CertRequest, N60TheApprovalOfAnotherRequestIsRefused) {
  ASSERT_EQ(run({"cert", "request", "works", "site-1", "-o", "site-1-request.zip"}).code, 0);
  approve_and_install("site-1");
  ASSERT_EQ(run({"cert", "request", "works", "site-1", "--kit", "other", "-o", "other.zip"}).code, 0);

  expect_refused(run({"cert", "install", "site-1-approval.zip", "--fingerprint", root_, "--kit", "other"}), 1,
                 "it answers another request");
  expect_refused(run({"cert", "approve", "other.zip", "-w", "w", "-o", "b.zip", "--no-passphrase"}), 1,
                 "site-1 has a certificate for another key");
}

TEST_F(CertRequest, N61NoKeyIsInAnythingThatTravelsOrIsSaid) {
  const Finished asked = run({"cert", "request", "works", "site-1", "-o", "site-1-request.zip", "-v"});
  ASSERT_EQ(asked.code, 0) << asked.err;
  const Words key = lines_of(file("site-1/request/client.key"));
  ASSERT_EQ(run({"cert", "request", "project.yml", "server", "-o", "server-request.zip"}).code, 0);
  approve_and_install("site-1");
  approve_and_install("server");
  const auto server = given_server();
  const auto client =
      start_fairlead({"client", "-k", file("site-1"), "-v", "--set", "connect_to=" + address_});
  ASSERT_EQ(read_json(*client)["event"].text(), "ready") << client->errors();
  std::string said = asked.out + asked.err + client->errors() + server->errors();
  for (const char* name : {"cmdline", "environ"}) said += read_proc(client->pid(), name);

  for (const auto& entry : fs::recursive_directory_iterator(folder_.path())) {
    if (!entry.is_regular_file() || entry.path().extension() == ".key") continue;
    said += support::read_text(entry.path());
  }

  for (const std::string& line : key) EXPECT_EQ(said.find(line), std::string::npos);
  EXPECT_EQ(said.find("PRIVATE KEY"), std::string::npos);
  size_t holders = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder_.path()))
    if (entry.is_regular_file() && support::read_text(entry.path()).find(key.front()) != std::string::npos)
      ++holders;
  EXPECT_EQ(holders, 1u);
}

class CertRenew : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Tcp, CertRenew, kSecurities, security_name);

TEST_P(CertRenew, AnIssuingCaAnswersAtOnceAndARunningClientTakesIt) {
  GivenDeployment deployment(with_issuing_ca(GetParam()));
  deployment.start_server({"--echo"});
  const auto client = deployment.start_client("site-1", {"--echo"});
  const fs::path certificate = deployment.kit("site-1") / "startup/client.crt";
  const std::string before = support::read_text(certificate);
  const fs::path former = deployment.folder() / "former";
  fs::copy(deployment.kit("site-1"), former, fs::copy_options::recursive);

  Words renew{"cert", "renew"};
  const Words site = deployment.site("site-1");
  renew.insert(renew.end(), site.begin(), site.end());
  renew.emplace_back("--json");
  const base::Json renewed = data_of(fairlead(renew));

  EXPECT_EQ(renewed["status"].text(), "installed");
  EXPECT_TRUE(renewed["by_issuing_ca"].boolean());
  EXPECT_NE(support::read_text(certificate), before);
  client->signal(SIGHUP);
  ASSERT_TRUE(client->wait_for_error("client.logged_in_again")) << client->errors();
  // Whoever stands on the former certificate is cut off; who has the new one is not.
  deployment.put_list("server", deployment.list(1, {former}));
  ASSERT_TRUE(deployment.server().wait_for_error("crl.in_force")) << deployment.server().errors();
  const Finished through =
      deployment.run("request", "site-2", {"--to", "site-1", "--topic", "t", "--data", "x"});
  EXPECT_EQ(through.code, 0) << through.err;
  EXPECT_EQ(through.out, "x");
  EXPECT_EQ(deployment.run("request", "site-1", {"--to", "server", "--topic", "t", "--data", "y"}).out, "y");
}

TEST_P(CertRenew, WithoutAnIssuingCaTheRequestWaitsForAnAdmin) {
  GivenDeployment deployment(project_of(GetParam()));
  deployment.start_server({"--echo"});
  Words renew{"cert", "renew"};
  const Words site = deployment.site("site-1");
  renew.insert(renew.end(), site.begin(), site.end());
  renew.emplace_back("--json");
  EXPECT_EQ(data_of(fairlead(renew))["status"].text(), "pending");

  const fs::path state = deployment.kit("server") / "state";
  fs::create_directories(state / "approved");
  const Finished approved = fairlead({"cert", "approve", (state / "requests/site-1.zip").string(), "-w",
                                      (deployment.folder() / "w").string(), "-o",
                                      (state / "approved/site-1.zip").string(), "--no-passphrase"});
  ASSERT_EQ(approved.code, 0) << approved.err;
  const base::Json renewed = data_of(fairlead(renew));

  EXPECT_EQ(renewed["status"].text(), "installed");
  EXPECT_FALSE(renewed["by_issuing_ca"].boolean());
  EXPECT_EQ(deployment.run("request", "site-1", {"--to", "server", "--topic", "t", "--data", "y"}).out, "y");
}

}  // namespace
}  // namespace fairlead::integration

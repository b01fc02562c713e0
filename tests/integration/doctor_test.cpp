// `fairlead doctor` against real causes: kits, clocks, names, sockets, logins, and a server's kit. What TLS
// shows is in doctor_tls_test.cpp.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "integration/doctor_given.hpp"
#include "integration/full_port.hpp"
#include "integration/relay.hpp"

namespace fairlead::integration {
namespace {

const std::string kWithAdmin =
    project_of("mtls") +
    "- {name: admin@example.com, type: admin, org: o, role: project_admin, connect_to: 127.0.0.1}\n";

class HealthyDoctor : public EachSecurity {};
INSTANTIATE_TEST_SUITE_P(Tcp, HealthyDoctor, kSecurities, security_name);

TEST_P(HealthyDoctor, FindsEveryLayerInOrder) {
  const Diagnosis found = diagnose(deployment_.site("site-1"));

  EXPECT_EQ(found.code, 0) << found.object.dump(2);
  EXPECT_EQ(found.object["schema_version"].integer(), 1);
  EXPECT_EQ(found.object["status"].text(), "ok");
  EXPECT_TRUE(found.object["error"].is_null());
  EXPECT_FALSE(found.asks_firewall());
  std::vector<std::string> components;
  for (const base::Json& row : found.object["data"]["rows"].items()) {
    EXPECT_EQ(row["status"].text(), "ok") << row.dump();
    EXPECT_FALSE(row["target"].text().empty() || row["detail"].text().empty()) << row.dump();
    if (components.empty() || components.back() != row["component"].text())
      components.push_back(row["component"].text());
  }
  EXPECT_THAT(components, testing::ElementsAre("files", "manifest", "certificates", "clock", "configuration",
                                               "plugin", "dns", "tcp", "proxy", "tls", "login", "echo"));
}

TEST_P(HealthyDoctor, DisturbsNobody) {
  const auto site = deployment_.start_client("site-1");

  EXPECT_EQ(diagnose(deployment_.site("site-1")).code, 0);

  EXPECT_EQ(deployment_.stop_server()["refused"].members().size(), 0u);
  EXPECT_EQ(site->errors().find("error"), std::string::npos) << site->errors();
}

TEST_P(HealthyDoctor, SaysOnceMoreWhatTheClockIsOffByAfterTheLogin) {
  const Diagnosis found = diagnose_at("-600s", deployment_.site("site-1"));

  EXPECT_EQ(found.code, 0) << found.object.dump(2);
  EXPECT_EQ(found.status("clock"), "warning") << found.object.dump(2);
  EXPECT_THAT(found.detail("clock"), testing::HasSubstr("minutes behind the server's"));
}

class Doctor : public testing::Test {
 protected:
  Words site_at(const std::string& address) const {
    return {"-k", deployment_.kit("site-1").string(), "--set", "connect_to=" + address, "--timeout", "2s"};
  }

  GivenDeployment deployment_{kWithAdmin};
};

TEST_F(Doctor, PrintsATableAndTheRemediesBelow) {
  const Finished done = fairlead(
      {"doctor", "-k", deployment_.kit("site-1").string(), "--set", "connect_to=tcp://nowhere.invalid:8002"});

  EXPECT_EQ(done.code, 2) << done.err;
  EXPECT_TRUE(done.out.starts_with("COMPONENT      TARGET")) << done.out;
  EXPECT_THAT(done.out, testing::ContainsRegex("\ndns +nowhere.invalid +failed +cannot be resolved"));
  EXPECT_THAT(done.out, testing::ContainsRegex("\necho +- +not reached +needs login"));
  EXPECT_THAT(done.out, testing::HasSubstr("\nWhat to do\n  dns: check the spelling"));
}

TEST_F(Doctor, FindsNoKitInAnEmptyFolder) {
  expect_cause(diagnose({"-k", deployment_.folder().string()}), 4, "files", "no folder startup/");
}

TEST_F(Doctor, FindsAKeyThatOthersMayRead) {
  const fs::path key = deployment_.kit("site-1") / "startup" / "client.key";
  ASSERT_EQ(::chmod(key.c_str(), 0644), 0);

  const Diagnosis found = diagnose({"-k", deployment_.kit("site-1").string()});

  expect_cause(found, 4, "files", "mode 0644, expected 0600");
  EXPECT_EQ(found.row("files")["target"].text(), key.string());
  EXPECT_EQ(found.remedy("files"), "type: chmod 600 " + key.string());
  EXPECT_EQ(found.status("manifest"), "not reached");
}

TEST_F(Doctor, FindsAChangedByteOfTheManifest) {
  const fs::path manifest = deployment_.kit("site-1") / "startup" / "manifest.json";
  std::string text = support::read_text(manifest);
  text[text.size() / 2] ^= 1;
  support::write_text(manifest, text);

  const Diagnosis found = diagnose({"-k", deployment_.kit("site-1").string()});

  expect_cause(found, 4, "manifest", "not a signature of this manifest");
  EXPECT_EQ(found.status("configuration"), "not reached");
}

TEST_F(Doctor, FindsASettingThatIsNone) {
  support::write_text(deployment_.kit("site-1") / "local" / "fairlead.yml", "conect_to: elsewhere\n");

  expect_cause(diagnose({"-k", deployment_.kit("site-1").string()}), 4, "configuration", "conect_to");
}

TEST_F(Doctor, FindsAnOptionThatThePluginDoesNotHaveAndGoesOnWithTheNetwork) {
  deployment_.start_server();
  support::write_text(deployment_.kit("site-1") / "local" / "fairlead.yml", "transports.tcp.nonsense: 1\n");

  const Diagnosis found = diagnose(deployment_.site("site-1"));

  expect_cause(found, 4, "plugin", "nonsense");
  EXPECT_EQ(found.status("tls"), "ok");
  EXPECT_EQ(found.status("login"), "not reached");
}

TEST_F(Doctor, SuspectsAClockThatIsYearsAhead) {
  deployment_.start_server();

  const Diagnosis found = diagnose_at("+900d", deployment_.site("site-1"));

  EXPECT_EQ(found.code, 2) << found.object.dump(2);
  EXPECT_EQ(found.status("clock"), "failed") << found.object.dump(2);
  EXPECT_THAT(found.detail("clock"), testing::HasSubstr("probably wrong: it says "));
  EXPECT_THAT(found.detail("clock"), testing::HasSubstr("the server's certificate is valid "));
  EXPECT_THAT(found.remedy("clock"), testing::HasSubstr("NTP"));
  EXPECT_EQ(found.status("tls"), "failed");
}

TEST_F(Doctor, SuspectsAClockThatIsYearsBehind) {
  const Diagnosis found = diagnose_at("-900d", site_at("tcp://nowhere.invalid:8002"));

  EXPECT_EQ(found.status("clock"), "failed") << found.object.dump(2);
  EXPECT_THAT(found.detail("certificates"), testing::HasSubstr("not valid before "));
}

TEST_F(Doctor, FindsTheOwnCertificateExpiredAndTheClockRight) {
  deployment_.start_server();
  Words admin = deployment_.site("admin@example.com");

  const Diagnosis found = diagnose_at("+100d", std::move(admin));

  EXPECT_EQ(found.code, 2) << found.object.dump(2);
  EXPECT_EQ(found.row("certificates")["target"].text(), "rootCA.pem");
  EXPECT_THAT(found.object.dump(), testing::HasSubstr("expired on "));
  EXPECT_NE(found.status("clock"), "failed") << found.object.dump(2);
}

TEST_F(Doctor, FindsANameThatDoesNotResolve) {
  const Diagnosis found = diagnose(site_at("tcp://nowhere.invalid:8002"));

  expect_cause(found, 2, "dns", "cannot be resolved");
  EXPECT_EQ(found.status("tcp"), "not reached");
  EXPECT_FALSE(found.asks_firewall());
}

TEST_F(Doctor, FindsAClosedPortAndWritesTheFirewallRequest) {
  const std::string port = open_port().number;

  const Diagnosis found = diagnose(site_at("tcp://127.0.0.1:" + port));

  expect_cause(found, 2, "tcp", "refused: nobody listens there");
  const base::Json& request = found.object["data"]["firewall_request"];
  EXPECT_EQ(request["to"].items().front().text(), "127.0.0.1:" + port);
  EXPECT_THAT(request["from"].text(), testing::HasSubstr("(127.0.0.1)"));
  EXPECT_THAT(request["tls_inspection"].text(), testing::HasSubstr("must not be decrypted"));
  EXPECT_THAT(request["idle_timeout"].text(), testing::HasSubstr("above 10 s"));
}

TEST_F(Doctor, TakesTheHeartbeatOfTheSettingsForTheFirewallRequest) {
  Words words = site_at("tcp://127.0.0.1:" + open_port().number);
  words.insert(words.end(), {"--set", "heartbeat_interval=45s"});

  const Diagnosis found = diagnose(std::move(words));

  EXPECT_THAT(found.object["data"]["firewall_request"]["idle_timeout"].text(),
              testing::HasSubstr("above 45 s"));
}

TEST_F(Doctor, FindsAPortThatNobodyAnswersOn) {
  const FullPort full;
  Words words = site_at("tcp://127.0.0.1:" + full.port());
  words.back() = "300ms";

  const Diagnosis found = diagnose(std::move(words));

  expect_cause(found, 2, "tcp", "no answer within 300 ms: a firewall drops the packets");
  EXPECT_TRUE(found.asks_firewall());
}

TEST_F(Doctor, ReportsAProxyThatIsNotUsedWithoutItsPassword) {
  const std::string port = open_port().number;

  const Diagnosis found =
      diagnose(site_at("tcp://127.0.0.1:" + port), {"HTTPS_PROXY=http://user:canary@proxy.example:3128"});

  EXPECT_EQ(found.status("proxy"), "warning");
  EXPECT_EQ(found.row("proxy")["target"].text(), "HTTPS_PROXY=http://proxy.example:3128");
  EXPECT_EQ(found.object.dump().find("canary"), std::string::npos);
}

TEST_F(Doctor, FindsADisabledParticipant) {
  deployment_.start_server();
  ASSERT_EQ(diagnose(deployment_.site("site-1")).code, 0);
  const Finished done =
      fairlead({"admin", "disable", "site-1", "-k", deployment_.kit("admin@example.com").string(), "--set",
                "connect_to=tcp://127.0.0.1:" + deployment_.port()});
  ASSERT_EQ(done.code, 0) << done.err;

  const Diagnosis found = diagnose(deployment_.site("site-1"));

  expect_cause(found, 2, "login", "disabled");
  EXPECT_THAT(found.remedy("login"), testing::HasSubstr("fairlead admin enable"));
  EXPECT_FALSE(found.asks_firewall());
}

TEST_F(Doctor, LogsInWithADelegation) {
  GivenDeployment deployment(project_of("tls"));
  deployment.start_server();
  const std::string folder = (deployment.folder() / "third-party").string();
  const Finished done = fairlead({"token", "delegate", "-k", deployment.kit("site-1").string(), "--as",
                                  "site-1/x", "--topics", "t", "-o", folder});
  ASSERT_EQ(done.code, 0) << done.err;

  const Diagnosis found =
      diagnose({"-k", folder, "--set", "connect_to=tcp://127.0.0.1:" + deployment.port()});

  EXPECT_EQ(found.code, 0) << found.object.dump(2);
  EXPECT_THAT(found.detail("login"), testing::HasSubstr("as site-1/x"));
  EXPECT_THAT(found.detail("manifest"), testing::HasSubstr("delegated to site-1/x"));
}

TEST_F(Doctor, RefusesATimeoutThatIsNone) {
  expect_refused(fairlead({"doctor", "-k", deployment_.kit("site-1").string(), "--timeout", "soon"}), 4,
                 "--timeout soon");
}

/// The kit of a server.
class ServerDoctor : public Doctor {
 protected:
  Words server_on(const std::string& port) const {
    return {"-k",    deployment_.kit("server").string(),
            "--set", "listen.host=127.0.0.1",
            "--set", "listen.port=" + port};
  }
};

TEST_F(ServerDoctor, IsContentWithAHealthyKit) {
  const Diagnosis found = diagnose(server_on("0"));

  EXPECT_EQ(found.code, 0) << found.object.dump(2);
  EXPECT_EQ(found.status("listen"), "ok");
  EXPECT_EQ(found.status("revocation"), "ok");
  EXPECT_EQ(found.row("host names")["target"].text(), "localhost");
  EXPECT_EQ(found.status("host names"), "ok");
  EXPECT_TRUE(found.row("dns").is_null());
}

TEST_F(ServerDoctor, SaysWhoHasItsPort) {
  const ListeningPort taken = open_port();

  const Diagnosis found = diagnose(server_on(taken.number));

  expect_cause(found, 1, "listen", "port is in use by ");
  EXPECT_THAT(found.detail("listen"), testing::HasSubstr("(process " + std::to_string(::getpid()) + ")"));
}

TEST_F(ServerDoctor, KnowsItsOwnRunningServer) {
  deployment_.start_server();

  const Diagnosis found = diagnose(server_on(deployment_.port()));

  EXPECT_EQ(found.code, 0) << found.object.dump(2);
  EXPECT_THAT(found.detail("listen"), testing::HasSubstr("this kit's server has it"));
}

TEST_F(ServerDoctor, FindsAHostToListenOnThatIsElsewhere) {
  Words words = server_on("0");
  words[3] = "listen.host=192.0.2.77";

  expect_cause(diagnose(std::move(words)), 4, "listen", "none of this machine");
}

TEST_F(ServerDoctor, WarnsOfARevocationListThatIsOver) {
  deployment_.put_list("server", deployment_.list(1, {}, std::chrono::minutes(-5)));

  const Diagnosis found = diagnose(server_on("0"));

  EXPECT_EQ(found.code, 0) << found.object.dump(2);
  EXPECT_EQ(found.status("revocation"), "warning") << found.object.dump(2);
  EXPECT_THAT(found.detail("revocation"), testing::HasSubstr("which has passed"));
}

TEST_F(ServerDoctor, FindsARevocationListThatIsNone) {
  deployment_.put_list("server", "nonsense\n");

  const Diagnosis found = diagnose(server_on("0"));

  EXPECT_EQ(found.code, 4) << found.object.dump(2);
  EXPECT_EQ(found.status("revocation"), "failed");
}

}  // namespace
}  // namespace fairlead::integration

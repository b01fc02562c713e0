// What people get wrong: files, arguments, addresses, keys. Each is refused with its code and one useful
// line.
#include <sys/stat.h>

#include "crypto/certificate.hpp"
#include "integration/foreign_server.hpp"
#include "integration/given_deployment.hpp"
#include "support/fake_clock.hpp"

namespace fairlead::integration {
namespace {

/// A project file that is wrong in one place, and what is said about it.
struct BadProject {
  const char* name;
  const char* text;
  const char* said;
};
constexpr BadProject kBadProjects[] = {
    {"NotYaml", "api_version: 3\nparticipants: [[:\n", ":2:"},
    {"UnknownKey", "api_version: 3\nname: p\nconection_security: tls\nparticipants: []\n",
     "connection_security"},
    {"NoServer", "api_version: 3\nname: p\nparticipants:\n- {name: a, type: client, org: o}\n", "server"},
    {"DuplicateParticipant",
     "api_version: 3\nname: p\nparticipants:\n- {name: s, type: server, org: o, fed_learn_port: 8002}\n"
     "- {name: a, type: client, org: o}\n- {name: a, type: client, org: o}\n",
     ":6:"},
    {"DuplicateKey", "api_version: 3\nname: p\nname: q\nparticipants: []\n", ":3:"},
    {"BadSecurity", "api_version: 3\nname: p\nconnection_security: mTSL\nparticipants: []\n", "mtls"},
    {"BadPort",
     "api_version: 3\nname: p\nparticipants:\n- {name: s, type: server, org: o, fed_learn_port: 80000}\n",
     ":4:"},
    {"MissingCa",
     "api_version: 3\nname: p\nconnection_security: tls\ncustom_ca_cert: nowhere.pem\nparticipants:\n"
     "- {name: s, type: server, org: o, fed_learn_port: 8002}\n- {name: a, type: client, org: o}\n",
     "nowhere.pem"},
    {"Empty", "", ":1:1"}};

class WrongProject : public testing::TestWithParam<BadProject> {
 protected:
  WrongProject() { support::write_text(file(), GetParam().text); }
  std::string file() const { return (folder_.path() / "project.yml").string(); }

  support::TempDir folder_;
};
INSTANTIATE_TEST_SUITE_P(Files, WrongProject, testing::ValuesIn(kBadProjects),
                         [](const auto& test) { return test.param.name; });

TEST_P(WrongProject, IsNotProvisioned) {
  const Finished done =
      fairlead({"provision", file(), "-w", (folder_.path() / "w").string(), "--no-passphrase", "--json"});

  EXPECT_EQ(done.code, 4);
  EXPECT_NE(done.err.find(file() + ":"), std::string::npos) << done.err;
  EXPECT_NE(done.err.find(GetParam().said), std::string::npos) << done.err;
  EXPECT_FALSE(fs::exists(folder_.path() / "w" / "p"));
}

TEST_P(WrongProject, IsOneJsonErrorForPrograms) {
  const Finished done = fairlead({"config", "check", file(), "--json"});

  const auto answer = base::Json::parse(done.out);
  EXPECT_EQ(done.code, 4);
  ASSERT_TRUE(answer.has_value()) << done.out;
  EXPECT_EQ((*answer)["status"].text(), "error");
}

TEST(WrongArguments, UnreadableProjectFile) {
  expect_refused(fairlead({"provision", "/nowhere.yml", "-w", "/tmp/nowhere", "--no-passphrase"}), 4,
                 "/nowhere.yml:1:1");
}

TEST(WrongArguments, DirectoryAsProjectFile) {
  expect_refused(fairlead({"provision", "/tmp", "-w", "/tmp/nowhere", "--no-passphrase"}), 4, "/tmp:1:1");
}

TEST(WrongArguments, RootKeyWithoutAnAnswerAboutItsPassphrase) {
  const support::TempDir folder;
  support::write_text(folder.path() / "p.yml", project_of("mtls"));

  const Finished done =
      fairlead({"provision", (folder.path() / "p.yml").string(), "-w", (folder.path() / "w").string(), "-q"});

  expect_refused(done, 4, "passphrase");
}

TEST(WrongArguments, UnknownCommandIsNamed) { expect_refused(fairlead({"sevrer"}), 4, "sevrer"); }

TEST(WrongArguments, UnknownOptionIsNamed) {
  expect_refused(fairlead({"server", "-k", "/nowhere", "--prot", "1"}), 4, "--prot");
}

TEST(WrongArguments, NoKitThere) { expect_refused(fairlead({"server", "-k", "/nowhere"}), 4, "no kit here"); }

TEST(WrongArguments, JsonErrorIsAloneOnStandardOutput) {
  const Finished done = fairlead({"ping", "-k", "/nowhere", "--to", "server", "--json"});

  const auto answer = base::Json::parse(done.out);
  EXPECT_EQ(done.code, 4);
  ASSERT_TRUE(answer.has_value()) << done.out;
  EXPECT_EQ((*answer)["error"]["reason"].text(), "kit_not_found");
}

/// A provisioned mtls project with a running server.
class WrongUse : public testing::Test {
 protected:
  WrongUse() { deployment_.start_server({"--echo"}); }
  Finished ping(const Words& more) {
    Words arguments{"ping", "--to", "server", "-c", "1", "-k", deployment_.kit("site-1").string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return fairlead(arguments);
  }

  GivenDeployment deployment_{project_of("mtls")};
};

TEST_F(WrongUse, BusyPort) {
  const Finished done =
      fairlead({"server", "-k", deployment_.kit("server").string(), "--set", "listen.host=127.0.0.1", "--set",
                "listen.port=" + deployment_.port(), "-q"});

  expect_refused(done, 1, "in use");
}

TEST_F(WrongUse, ListenAddressOfAnotherMachine) {
  deployment_.stop_server();

  const Finished done = fairlead({"server", "-k", deployment_.kit("server").string(), "--set",
                                  "listen.host=192.0.2.1", "--set", "listen.port=0", "-q"});

  expect_refused(done, 4, "cannot listen on tcp://192.0.2.1:0");
}

TEST_F(WrongUse, ClientKitForTheServer) {
  expect_refused(fairlead({"server", "-k", deployment_.kit("site-1").string()}), 4, "not a server's kit");
}

TEST_F(WrongUse, ServerKitForAClient) {
  expect_refused(fairlead({"client", "-k", deployment_.kit("server").string()}), 4, "is a server's kit");
}

TEST_F(WrongUse, NobodyListensThere) {
  ListeningPort closed = open_port();
  closed.socket = kit::Descriptor();

  expect_refused(ping({"--set", "connect_to=127.0.0.1:" + closed.number}), 2, "cannot connect");
}

TEST_F(WrongUse, HostThatDoesNotExist) {
  expect_refused(ping({"--set", "connect_to=no-such-host.invalid:8002"}), 2, "no-such-host.invalid");
}

TEST_F(WrongUse, ServerThatAcceptsAndSaysNothingEndsWithinTheLimit) {
  const Relay silent({});

  const Finished done = ping({"--set", "connect_to=127.0.0.1:" + silent.port(), "--set",
                              "handshake_timeout=300ms", "--set", "connect_timeout=300ms"});

  expect_refused(done, 2, "no answer");
}

TEST_F(WrongUse, SomethingElseAnswersOnThePort) {
  const Relay other({.answer = "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"});

  expect_refused(ping({"--set", "connect_to=127.0.0.1:" + other.port()}), 2, "cannot connect");
}

TEST_F(WrongUse, HostNameThatTheCertificateDoesNotHave) {
  expect_refused(ping({"--set", "connect_to=127.0.0.2:" + deployment_.port()}), 2, "127.0.0.");
}

TEST_F(WrongUse, KitOfAnotherProjectTrustsAnotherCa) {
  const GivenDeployment other(project_of("mtls"));

  const Finished done = fairlead({"ping", "--to", "server", "-k", other.kit("site-1").string(), "--set",
                                  "connect_to=127.0.0.1:" + deployment_.port()});

  expect_refused(done, 2, "cannot trust");
}

TEST_F(WrongUse, UnknownSetting) { expect_refused(ping({"--set", "conect_to=x"}), 4, "connect_to"); }

TEST_F(WrongUse, WeakerMessageSecurity) {
  const GivenDeployment sealed(project_of("mtls\nmessage_security: seal"));

  const Finished done =
      fairlead({"client", "-k", sealed.kit("site-1").string(), "--set", "message_security=mac"});

  expect_refused(done, 4, "weaker");
}

TEST_F(WrongUse, ReceiverThatIsNoEndpoint) { expect_refused(ping({"--to", "Not An Endpoint"}), 4, ""); }

TEST_F(WrongUse, CommandOfOnWithoutATopic) {
  const Finished done = fairlead({"client", "-k", deployment_.kit("site-1").string(), "--on", "/bin/cat"});

  expect_refused(done, 4, "--on");
}

TEST_F(WrongUse, InboxThatIsNotThere) {
  const Finished done =
      fairlead({"client", "-k", deployment_.kit("site-1").string(), "--inbox", "/nowhere/inbox"});

  expect_refused(done, 4, "/nowhere/inbox");
}

class OtherSecurity : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Tcp, OtherSecurity, kSecurities, security_name);

TEST_P(OtherSecurity, ClientSaysWhatAnswersWhenGarbageDoes) {
  const GivenDeployment deployment(project_of(GetParam()));
  const Relay other({.answer = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"});

  const Finished done = fairlead({"ping", "--to", "server", "-k", deployment.kit("site-1").string(), "--set",
                                  "connect_to=127.0.0.1:" + other.port()});

  expect_refused(done, 2, "127.0.0.1:" + other.port());
}

TEST_P(OtherSecurity, ExpiredCertificateOfASiteIsRefused) {
  support::FakeClock clock;
  clock.set_wall(base::SystemClock().wall() - std::chrono::hours(24 * 800));
  support::GivenProject project(project_of(GetParam()), clock);
  const fs::path expired = project.kit("site-1");
  clock.set_wall(base::SystemClock().wall());
  project.provision(project_of(GetParam()));
  const auto server = start_fairlead({"server", "-k", project.kit("server").string(), "--set",
                                      "listen.port=0", "--set", "listen.host=127.0.0.1"});
  const auto listeners = read_json(*server)["listeners"].items();
  ASSERT_EQ(listeners.size(), 1u) << server->finish().err;

  const Finished done = fairlead(
      {"ping", "--to", "server", "-k", expired.string(), "--set", "connect_to=" + listeners.front().text()});

  // Only mutual TLS tells a stranger why; the login says it in the server's log alone.
  expect_refused(done, 2, std::string_view(GetParam()) == "mtls" ? "expired" : "login_refused");
}

TEST(WrongKit, ExpiredTokenCertificateIsNotServed) {
  support::FakeClock clock;
  clock.set_wall(base::SystemClock().wall() - std::chrono::hours(24 * 800));
  const support::GivenProject project(project_of("mtls"), clock);

  const Finished done = fairlead({"server", "-k", project.kit("server").string(), "--set", "listen.port=0"});

  expect_refused(done, 4, "certificate_expired");
}

}  // namespace
}  // namespace fairlead::integration

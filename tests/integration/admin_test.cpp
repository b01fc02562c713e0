// Administrators at work on a running server, each command and participant a process of its own.
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>

#include "integration/given_deployment.hpp"
#include "store/database.hpp"

namespace fairlead::integration {
namespace {

using namespace std::chrono_literals;

const std::string kBoss = "boss@hq.example", kOrgAdmin = "chief@north.example", kLead = "lead@north.example",
                  kMember = "member@north.example";

std::string administered_project(const std::string& way) {
  return "api_version: 3\nname: works\n" + connection_of(way) +
         "participants:\n"
         "- {name: server, type: server, org: hq, fed_learn_port: 8002, host_names: [127.0.0.1]}\n"
         "- {name: red, type: client, org: north, connect_to: 127.0.0.1}\n"
         "- {name: blue, type: client, org: south, connect_to: 127.0.0.1}\n"
         "- {name: boss@hq.example, type: admin, org: hq, role: project_admin}\n"
         "- {name: chief@north.example, type: admin, org: north, role: org_admin}\n"
         "- {name: lead@north.example, type: admin, org: north, role: lead}\n"
         "- {name: member@north.example, type: admin, org: north, role: member}\n";
}

class Administered {
 protected:
  explicit Administered(const std::string& security) : deployment_(administered_project(security)) {}
  Finished admin(const std::string& who, const Words& action) const {
    return deployment_.run("admin", who, action);
  }
  void must_admin(const Words& action) const {
    const Finished done = admin(kBoss, action);
    EXPECT_EQ(done.code, 0) << done.err;
  }
  Finished ping(const std::string& site) const {
    return deployment_.run("ping", site, {"--to", "server", "-c", "1"});
  }
  fs::path state() const { return deployment_.kit("server") / "state"; }

  GivenDeployment deployment_;
};

/// Parameter: how the whole project connects.
class AdminRevocation : public testing::TestWithParam<const char*>, protected Administered {
 protected:
  AdminRevocation() : Administered(GetParam()) { deployment_.start_server({"--echo"}); }
};
INSTANTIATE_TEST_SUITE_P(Tcp, AdminRevocation, kSecurities, security_name);
INSTANTIATE_TEST_SUITE_P(Other, AdminRevocation, kOtherSchemes, security_name);

TEST_P(AdminRevocation, DisabledSiteIsCutWithinASecondWhileItSends) {
  Words arguments{"ping", "--to", "server", "-c", "1000000"};
  for (const std::string& word : deployment_.site("red")) arguments.push_back(word);
  const auto sender = start_fairlead(arguments);
  ASSERT_TRUE(sender->read_line().has_value()) << sender->errors();

  must_admin({"disable", "red"});
  const Finished cut = sender->finish(1000ms);

  EXPECT_EQ(cut.code, 1) << cut.err;
  EXPECT_NE(cut.err.find("the server ended the connection: disabled"), std::string::npos) << cut.err;
}

TEST_P(AdminRevocation, DisabledSiteCannotLogInAgain) {
  const auto red = deployment_.start_client("red", {"--echo"});

  must_admin({"disable", "red"});

  EXPECT_TRUE(red->wait_for_error("client.disconnected", 1000ms)) << red->errors();
  EXPECT_TRUE(red->wait_for_error("failed: disabled")) << red->errors();
  expect_refused(ping("red"), 2, "disabled");
  expect_refused(deployment_.run("request", "blue", {"--to", "red", "--topic", "t", "--data", "x"}), 1,
                 "no_such_endpoint");
  EXPECT_EQ(ping("blue").code, 0);
}

TEST_P(AdminRevocation, DisabledSiteStaysOutAfterAKillRightBehindTheCommand) {
  must_admin({"disable", "red"});

  deployment_.restart_server({"--echo"});

  expect_refused(ping("red"), 2, "disabled");
  must_admin({"enable", "red"});
  deployment_.restart_server({"--echo"});
  EXPECT_EQ(ping("red").code, 0);
}

TEST_P(AdminRevocation, KickedSiteReconnectsByItself) {
  const auto red = deployment_.start_client("red", {"--echo"});

  const Finished kicked = admin(kBoss, {"kick", "red"});

  EXPECT_EQ(kicked.out, "kicked red: 1 session ended\n") << kicked.err;
  EXPECT_TRUE(red->wait_for_error("the server ended the connection: revoked", 1000ms)) << red->errors();
  EXPECT_EQ(read_json(*red)["event"].text(), "ready") << red->errors();
}

class Administration : public testing::Test, protected Administered {
 protected:
  Administration() : Administered("mtls") { deployment_.start_server({"--echo"}); }
  std::string reason_of(const std::string& who, Words action) {
    action.push_back("--json");
    const Finished done = admin(who, action);
    const auto answer = base::Json::parse(done.out);
    if (!answer.has_value()) return done.out;
    EXPECT_EQ(done.code, (*answer)["status"].text() == "ok" ? 0 : 1) << done.err;
    return (*answer)["status"].text() == "ok" ? "done" : (*answer)["error"]["reason"].text();
  }
};

TEST_F(Administration, EachRoleHasItsLimits) {
  const auto red = deployment_.start_client("red"), blue = deployment_.start_client("blue");
  const std::string no = "not_allowed";

  for (const std::string& who : {kMember, kLead, kOrgAdmin}) {
    EXPECT_EQ(reason_of(who, {"audit"}), no) << who;
    EXPECT_EQ(reason_of(who, {"drain"}), no) << who;
    EXPECT_EQ(reason_of(who, {"reload"}), no) << who;
    EXPECT_EQ(reason_of(who, {"kick", "blue"}), no) << who;
    EXPECT_EQ(reason_of(who, {"disable", "blue"}), no) << who;
  }
  EXPECT_EQ(reason_of(kMember, {"kick", "red"}), no);
  EXPECT_EQ(reason_of(kLead, {"disable", "red"}), no);
  EXPECT_EQ(reason_of(kLead, {"kick", "red"}), "done");
  EXPECT_EQ(reason_of(kBoss, {"disable", "server"}), no);
}

TEST_F(Administration, OrgAdminDisablesAndEnablesItsOwnSite) {
  const auto red = deployment_.start_client("red");

  EXPECT_EQ(reason_of(kOrgAdmin, {"disable", "red"}), "done");
  expect_refused(ping("red"), 2, "disabled");
  EXPECT_EQ(reason_of(kOrgAdmin, {"enable", "red"}), "done");

  EXPECT_EQ(ping("red").code, 0);
}

TEST_F(Administration, DisabledAdministratorCannotAskForAnything) {
  must_admin({"disable", kOrgAdmin});

  expect_refused(admin(kOrgAdmin, {"sessions"}), 2, "disabled");
}

TEST_F(Administration, SessionsShowWhoIsThere) {
  const auto red = deployment_.start_client("red"), blue = deployment_.start_client("blue");

  const base::Json all = data_of(admin(kBoss, {"sessions", "--json"}));
  const base::Json own = data_of(admin(kMember, {"sessions", "--json"}));

  ASSERT_EQ(all["sessions"].items().size(), 3u) << all.dump();
  EXPECT_EQ(all["sessions"].items()[0]["endpoint"].text(), "blue");
  EXPECT_EQ(all["sessions"].items()[0]["protocol"].text(), "TLSv1.3");
  ASSERT_EQ(own["sessions"].items().size(), 2u) << own.dump();
  EXPECT_EQ(own["sessions"].items()[1]["endpoint"].text(), "red");
}

TEST_F(Administration, ClientKitIsNoAdministrators) {
  const auto blue = deployment_.start_client("blue");

  expect_refused(admin("red", {"kick", "blue"}), 1, "not_allowed");
  expect_refused(
      deployment_.run("request", "red", {"--to", "server", "--topic", "admin/drain", "--data", "{}"}), 1,
      "not_allowed");

  EXPECT_EQ(ping("blue").code, 0);
  EXPECT_EQ(blue->errors().find("client.disconnected"), std::string::npos);
}

TEST_F(Administration, RequestWithAnUnknownMemberIsRefused) {
  expect_refused(deployment_.run("request", kMember,
                                 {"--to", "server", "--topic", "admin/sessions", "--data",
                                  R"({"role":"project_admin"})"}),
                 1, "unknown member");
}

TEST_F(Administration, NameThatNobodyUsesIsWarnedAbout) {
  const Finished done = admin(kBoss, {"disable", "rde"});

  EXPECT_EQ(done.code, 0);
  EXPECT_NE(done.err.find("check the spelling"), std::string::npos) << done.err;
}

TEST_F(Administration, WrongNamesAreRefusedBeforeConnecting) {
  expect_refused(admin(kBoss, {"kick", "red/app"}), 4, "not the name of a participant");
  expect_refused(admin(kBoss, {"audit", "--limit", "0"}), 4, "--limit");
}

TEST_F(Administration, AuditTellsWhatWasAskedAlsoWhenItWasRefused) {
  must_admin({"disable", "red"});
  admin(kMember, {"kick", "blue"});

  const base::Json data = data_of(admin(kBoss, {"audit", "--limit", "3", "--json"}));

  ASSERT_EQ(data["entries"].items().size(), 3u) << data.dump();
  const base::Json &first = data["entries"].items()[0], &second = data["entries"].items()[1];
  EXPECT_EQ(first["action"].text() + " " + first["target"].text() + " " + first["outcome"].text(),
            "disable red allowed");
  EXPECT_EQ(second["actor"].text().rfind(kMember, 0), 0u);
  EXPECT_EQ(second["target"].text() + " " + second["outcome"].text(), "blue not_allowed");
}

TEST_F(Administration, AuditChainIsVerified) {
  must_admin({"disable", "red"});
  const Finished intact = admin(kBoss, {"audit", "--verify"});
  deployment_.stop_server();
  {
    auto database = store::Database::open(state() / "server.db", {0x464C5352, 1, ""});
    ASSERT_TRUE(database.has_value()) << database.error().line();
    ASSERT_TRUE(database->run("UPDATE audit SET target = 'blue' WHERE seq = 1"));
  }
  deployment_.start_server();

  EXPECT_EQ(intact.out.rfind("2 entries, chain intact, head ", 0), 0u) << intact.out << intact.err;
  expect_refused(admin(kBoss, {"audit", "--verify"}), 1, "entry 1 was changed");
}

TEST_F(Administration, ReloadTakesTheKitAndSaysWhenItCannot) {
  must_admin({"reload"});
  EXPECT_TRUE(deployment_.server().wait_for_error("server.reloaded")) << deployment_.server().errors();
  fs::remove(deployment_.kit("server") / "startup" / "server.crt");

  expect_refused(admin(kBoss, {"reload"}), 1, "server.crt");

  EXPECT_EQ(ping("red").code, 0);
}

TEST_F(Administration, DrainEndsTheServerInOrder) {
  must_admin({"drain"});

  EXPECT_EQ(read_json(deployment_.server())["event"].text(), "stopped") << deployment_.server().errors();
  EXPECT_EQ(deployment_.server().finish().code, 0);
}

TEST_F(Administration, DrainWaitsForWhatAHandlerIsDoing) {
  const std::string answer = (deployment_.folder() / "answer").string();
  ASSERT_EQ(::mkfifo(answer.c_str(), 0600), 0);
  deployment_.restart_server({"--on", "slow=/bin/cat " + answer});
  Words arguments{"request", "--to", "server", "--topic", "slow", "--data", ""};
  for (const std::string& word : deployment_.site("red")) arguments.push_back(word);
  const auto request = start_fairlead(arguments);
  std::ofstream handler(answer);  // opens once the command runs

  must_admin({"drain"});
  handler << "done" << std::flush;
  handler.close();

  EXPECT_EQ(request->finish().out, "done") << deployment_.server().errors();
  EXPECT_EQ(deployment_.server().finish().code, 0);
}

/// The state of a server that ran once, and what somebody did to it.
class State : public testing::Test, protected Administered {
 protected:
  State() : Administered("mtls") {
    deployment_.start_server();
    deployment_.stop_server();
  }
  Finished serve() {
    return fairlead({"server", "-k", deployment_.kit("server").string(), "--set", "listen.port=0", "--set",
                     "listen.host=127.0.0.1", "-q"});
  }
};

TEST_F(State, IsForItsOwnerOnly) {
  struct stat folder {
  }, file{};
  ASSERT_EQ(::stat(state().c_str(), &folder), 0);
  ASSERT_EQ(::stat((state() / "server.db").c_str(), &file), 0);

  EXPECT_EQ(folder.st_mode & 0777, 0700u);
  EXPECT_EQ(file.st_mode & 0777, 0600u);
}

TEST_F(State, FolderThatOthersMayReadIsRefused) {
  ::chmod(state().c_str(), 0755);

  expect_refused(serve(), 4, "chmod 700");
}

TEST_F(State, FileThatOthersMayReadIsRefused) {
  ::chmod((state() / "server.db").c_str(), 0640);

  expect_refused(serve(), 4, "chmod 600");
}

TEST_F(State, DamagedFileIsRefused) {
  support::write_text(state() / "server.db", std::string(20'000, '#'));

  expect_refused(serve(), 4, "the file is damaged");
}

TEST_F(State, FileOfANewerVersionIsRefused) {
  {
    auto database = store::Database::open(state() / "server.db", {0x464C5352, 1, ""});
    ASSERT_TRUE(database.has_value()) << database.error().line();
    ASSERT_TRUE(database->run("PRAGMA user_version=2"));
  }

  expect_refused(serve(), 4, "newer version");
}

TEST_F(State, AuditLogWithoutItsEndIsRefused) {
  {
    auto database = store::Database::open(state() / "server.db", {0x464C5352, 1, ""});
    ASSERT_TRUE(database.has_value()) << database.error().line();
    ASSERT_TRUE(database->run("DELETE FROM audit_head"));
  }

  expect_refused(serve(), 1, "no record of its end");
}

TEST_F(State, DiskThatIsFullStopsTheActionAndNotTheServer) {
  // Without room in its files a write fails, and the trap makes that an error instead of a signal.
  RunningProcess server({"/bin/sh", "-c", "trap '' XFSZ; exec \"$0\" \"$@\"", program().string(), "server",
                         "-k", deployment_.kit("server").string(), "--set", "listen.port=0", "--set",
                         "listen.host=127.0.0.1"});
  const base::Json ready = read_json(server);
  ASSERT_EQ(ready["listeners"].items().size(), 1u) << server.errors();
  const Words to_it{"--set", "connect_to=" + ready["listeners"].items().front().text()};
  const rlimit room{size_t{64} << 10, size_t{64} << 10};
  ASSERT_EQ(::prlimit(server.pid(), RLIMIT_FSIZE, &room, nullptr), 0);
  const auto run = [&](Words words, const std::string& kit) {
    for (const Words& more : {Words{"-k", deployment_.kit(kit).string()}, to_it})
      words.insert(words.end(), more.begin(), more.end());
    return fairlead(words);
  };

  int disabled = 0;
  Finished last = run({"admin", "disable", "site-0"}, kBoss);
  while (last.code == 0 && ++disabled < 29)
    last = run({"admin", "disable", "site-" + std::to_string(disabled)}, kBoss);
  const Finished served = run({"ping", "--to", "server", "-c", "1"}, "red");
  server.signal(SIGKILL);
  server.finish();
  deployment_.start_server();

  expect_refused(last, 1, "nothing was done because it cannot be recorded");
  EXPECT_EQ(served.code, 0) << served.err;
  const base::Json after = data_of(admin(kBoss, {"sessions", "--json"}));
  EXPECT_EQ(after["disabled"].items().size(), static_cast<size_t>(disabled)) << after.dump();
}

}  // namespace
}  // namespace fairlead::integration

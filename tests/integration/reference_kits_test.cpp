// Kits of the reference as they are, under the real program: server, sites and administrators.
#include <csignal>
#include <optional>

#include "integration/foreign_server.hpp"
#include "integration/given_deployment.hpp"
#include "support/reference_kit.hpp"

namespace fairlead::integration {
namespace {

using support::ReferencePlan;
using support::ReferenceProject;

const std::string kBoss = "boss@example.org", kMember = "member@example.org";

ReferencePlan plan_of(const std::string& security) {
  return {.connection_security = security,
          .sites = {"site-1", "site-2"},
          .admins = {{kBoss, "project_admin"}, {kMember, "member"}}};
}

size_t count(const std::string& text, const std::string& what) {
  size_t found = 0;
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

/// A project that the reference provisioned, and its server on free ports.
class ReferenceDeployment {
 public:
  explicit ReferenceDeployment(ReferencePlan plan) : server_name_(plan.server), project_(std::move(plan)) {}

  void start_server() {
    server_ = start_fairlead({"server", "-k", project_.kit(server_name_).string(), "--set", "listen.port=0",
                              "--set", "listen.host=127.0.0.1", "--echo"});
    const base::Json ready = read_json(*server_);
    for (const base::Json& one : ready["listeners"].items())
      ports_.push_back(one.text().substr(one.text().rfind(':') + 1));
    ASSERT_FALSE(ports_.empty()) << server_->errors();
  }
  /// Where clients connect, and where administrators do.
  const std::string& port() const { return ports_.front(); }
  const std::string& admin_port() const { return ports_.back(); }

  /// A command with the kit of a participant, to its end.
  Finished run(const std::string& command, const std::string& name, const Words& more,
               const std::string& port = {}) const {
    return fairlead(words(command, name, more, port));
  }
  std::unique_ptr<RunningProcess> start(const std::string& command, const std::string& name,
                                        const Words& more = {}) const {
    return start_fairlead(words(command, name, more, {}));
  }
  Finished request(const std::string& name, const std::string& port = {}) const {
    return run("request", name, {"--to", "server", "--topic", "t", "--data", "hello"}, port);
  }
  Finished admin(const std::string& name, const Words& action) const {
    return run("admin", name, action, admin_port());
  }

  RunningProcess& server() { return *server_; }
  const ReferenceProject& project() const { return project_; }
  fs::path kit(const std::string& name) const { return project_.kit(name); }

 private:
  Words words(const std::string& command, const std::string& name, const Words& more,
              const std::string& port) const {
    Words all{command, "-k", kit(name).string(), "--set",
              "connect_to=127.0.0.1:" + (port.empty() ? ports_.front() : port)};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  std::string server_name_;
  ReferenceProject project_;
  std::vector<std::string> ports_;
  std::unique_ptr<RunningProcess> server_;
};

/// Parameter: connection security of the whole project.
class ReferenceKits : public testing::TestWithParam<const char*> {
 protected:
  ReferenceKits() : deployment_(plan_of(GetParam())) { deployment_.start_server(); }

  ReferenceDeployment deployment_;
};
INSTANTIATE_TEST_SUITE_P(Tcp, ReferenceKits, kSecurities, security_name);

TEST_P(ReferenceKits, CarryRequestsToTheServer) {
  const Finished done = deployment_.request("site-1");

  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(done.out, "hello");
}

TEST_P(ReferenceKits, CarryMessagesFromSiteToSite) {
  const auto listener = deployment_.start("listen", "site-2", {"--topic", "news", "--jsonl"});
  ASSERT_TRUE(listener->wait_for_error("listening as")) << listener->errors();

  const Finished sent =
      deployment_.run("send", "site-1", {"--to", "site-2/listen", "--topic", "news", "--data", "hello"});

  EXPECT_EQ(sent.code, 0) << sent.err;
  EXPECT_EQ(read_json(*listener)["from"].text().substr(0, 6), "site-1");
}

TEST_P(ReferenceKits, LetAdministratorsSeeSessions) {
  const auto site = deployment_.start("client", "site-1");
  ASSERT_EQ(read_json(*site)["event"].text(), "ready") << site->errors();

  const Finished seen = deployment_.admin(kBoss, {"sessions", "--json"});

  EXPECT_NE(data_of(seen).dump().find("\"site-1\""), std::string::npos) << seen.out;
}

TEST_P(ReferenceKits, GiveAdministratorsTheRoleOfTheirCertificate) {
  EXPECT_EQ(deployment_.admin(kBoss, {"disable", "site-2"}).code, 0);

  expect_refused(deployment_.admin(kMember, {"enable", "site-2"}), 1, "the role member may not");
  expect_refused(deployment_.request("site-2"), 2, "disabled");
}

TEST_P(ReferenceKits, SayAtTheStartWhichRulesApply) {
  const auto site = deployment_.start("client", "site-1");
  ASSERT_EQ(read_json(*site)["event"].text(), "ready") << site->errors();

  for (const std::string& said : {deployment_.server().errors(), site->errors()}) {
    EXPECT_EQ(count(said, "this is a kit of another provisioner"), 1u) << said;
    EXPECT_EQ(count(said, "the scheme grpc of this kit means tcp here"), 1u) << said;
    EXPECT_EQ(count(said, "local/comm_config.json"), 1u) << said;
  }
}

TEST_P(ReferenceKits, OfAnotherProjectAreRefused) {
  ReferencePlan plan = plan_of(GetParam());
  plan.first_key = 20;
  const ReferenceProject other(plan);

  const Finished done = fairlead({"request", "-k", other.kit("site-1").string(), "--set",
                                  "connect_to=127.0.0.1:" + deployment_.port(), "--to", "server", "--topic",
                                  "t", "--data", "hello"});

  expect_refused(done, 2, "");
  EXPECT_EQ(deployment_.request("site-1").code, 0);
}

TEST_P(ReferenceKits, OfSitesThatTheRootRevokedAreRefused) {
  ASSERT_EQ(deployment_.request("site-1").code, 0);
  support::write_text(deployment_.kit("server1") / "local/crl.pem",
                      deployment_.project().list(1, {"site-1"}));
  ASSERT_TRUE(deployment_.server().wait_for_error("crl.in_force")) << deployment_.server().errors();

  const Finished revoked = deployment_.request("site-1");

  expect_refused(revoked, 2, "");
  EXPECT_EQ(deployment_.request("site-2").code, 0);
}

TEST_P(ReferenceKits, TakeANewCertificateOnReload) {
  deployment_.project().replace_certificate(
      "server1", "server", {.common_name = "server1", .org = "example", .names = {"IP:127.0.0.1"}});

  deployment_.server().signal(SIGHUP);

  EXPECT_TRUE(deployment_.server().wait_for_error("server.reloaded")) << deployment_.server().errors();
  EXPECT_EQ(deployment_.request("site-1").code, 0);
}

TEST_P(ReferenceKits, KeepWhatTheyHaveWhenAReloadIsRefused) {
  const fs::path file = deployment_.kit("server1") / "startup/fed_server.json";
  support::edit(file, "8002", "0");

  deployment_.server().signal(SIGHUP);

  EXPECT_TRUE(deployment_.server().wait_for_error(file.string() + ":1:1: servers[0].service.target"))
      << deployment_.server().errors();
  EXPECT_EQ(deployment_.request("site-1").code, 0);
}

TEST_P(ReferenceKits, DelegateNothing) {
  const Finished done =
      fairlead({"token", "delegate", "-k", deployment_.kit("site-1").string(), "--as", "site-1/app",
                "--topics", "t", "--ttl", "1h", "-o", (deployment_.project().folder() / "made").string()});

  expect_refused(done, 4, "is a kit of another provisioner");
}

/// Links that show certificates.
class ReferenceHosts : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Tcp, ReferenceHosts, testing::Values("tls", "mtls"), security_name);

TEST_P(ReferenceHosts, DefaultHostTakesThePlaceOfTheServersName) {
  ReferencePlan plan = plan_of(GetParam());
  plan.default_host = "127.0.0.1";
  plan.host_names = {};
  ReferenceDeployment deployment(plan);
  deployment.start_server();

  EXPECT_EQ(deployment.request("site-1").code, 0);
}

TEST_P(ReferenceHosts, HostThatIsNotInTheCertificateIsRefused) {
  ReferencePlan plan = plan_of(GetParam());
  plan.host_names = {};
  ReferenceDeployment deployment(plan);
  deployment.start_server();

  expect_refused(deployment.request("site-1"), 2, "127.0.0.1");
}

/// haproxy with a certificate of its own CA in front of a server that listens in the clear.
class ReferenceBehindProxy : public testing::Test {
 protected:
  static ReferencePlan plan(const std::string& custom_ca) {
    ReferencePlan plan = plan_of("tls");
    plan.server_security = "clear";
    plan.admin_port = plan.port;
    plan.custom_ca = custom_ca;
    return plan;
  }
  void start(const std::string& custom_ca) {
    deployment_.emplace(plan(custom_ca));
    deployment_->start_server();
    proxy_.emplace(folder_.path(), TlsProxy::Plan{ca_.server_pem("127.0.0.1"), deployment_->port()});
  }

  support::TempDir folder_;
  ForeignCa ca_;
  std::optional<ReferenceDeployment> deployment_;
  std::optional<TlsProxy> proxy_;
};

TEST_F(ReferenceBehindProxy, P4SitesTrustTheCustomCaOfTheirKit) {
  start(ca_.pem());

  const Finished done = deployment_->request("site-1", proxy_->port());

  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(done.out, "hello");
}

TEST_F(ReferenceBehindProxy, P4SitesWithoutItDoNotTrustTheProxy) {
  start("");

  expect_refused(deployment_->request("site-1", proxy_->port()), 2, "");
}

TEST_F(ReferenceBehindProxy, P4AdministratorsTrustTheCaThatTheirLocalFileNames) {
  start(ca_.pem());
  expect_refused(deployment_->run("admin", kBoss, {"sessions"}, proxy_->port()), 2, "");
  const fs::path file = folder_.path() / "proxy-ca.pem";
  support::write_text(file, ca_.pem());

  support::write_text(deployment_->kit(kBoss) / "local/fairlead.yml",
                      "custom_ca_cert: " + file.string() + "\n");
  const Finished done = deployment_->run("admin", kBoss, {"sessions"}, proxy_->port());

  EXPECT_EQ(done.code, 0) << done.err;
}

TEST(ReferenceKitCommands, CheckSaysWhatKindOfKitItIs) {
  const ReferenceProject project;

  const Finished done = fairlead({"config", "check", project.kit("site-1").string()});

  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_NE(done.err.find("kit of example_project is fine"), std::string::npos) << done.err;
  EXPECT_NE(done.err.find("nothing in it is signed"), std::string::npos) << done.err;
}

TEST(ReferenceKitCommands, ExplainShowsValuesAndWhereTheyStand) {
  const ReferenceProject project({.connection_security = "TLS"});

  const base::Json data = data_of(fairlead({"config", "explain", project.kit("site-1").string(), "--json"}));

  const base::Json& site = data["participants"].items().front();
  EXPECT_EQ(data["project"].text(), "example_project");
  EXPECT_EQ(site["connection_security"]["value"].text(), "tls");
  EXPECT_EQ(site["connection_security"]["at"].text(),
            (project.kit("site-1") / "startup/fed_client.json").string() + ":1");
  EXPECT_EQ(site["connect_to"]["value"].text(), "tcp://127.0.0.1:8002");
  EXPECT_EQ(data["notes"].items().size(), 3u);
}

TEST(ReferenceKitCommands, RefuseAKitBeforeAnyPortIsOpen) {
  const ReferenceProject project({.relay = "relay-1"});
  const fs::path key = project.kit("server1") / "startup/server.key";
  support::set_mode(key, 0644);

  expect_refused(fairlead({"server", "-k", project.kit("server1").string()}), 4,
                 "; type: chmod 600 " + key.string());
  for (const char* name : {"relay-1", "site-1"}) {
    expect_refused(fairlead({"client", "-k", project.kit(name).string()}), 4, "there are no relays here");
    expect_refused(fairlead({"config", "check", project.kit(name).string()}), 4, "there are no relays here");
  }
}

/// Two kits of one project under one root, whose names are the same: one that we provisioned and one that
/// only looks like the reference made it.
class OneRootForBoth : public testing::TestWithParam<const char*> {
 protected:
  static ReferencePlan plan(const GivenDeployment& deployment) {
    ReferencePlan plan = plan_of(GetParam());
    plan.project = "works";
    plan.server = "server";
    plan.root_pem = support::read_text(deployment.kit("server") / "startup/rootCA.pem");
    plan.root_key_pem = support::read_text(deployment.workspace() / "state/rootCA.key");
    return plan;
  }
  Finished request(const fs::path& kit, const std::string& port) const {
    return fairlead({"request", "-k", kit.string(), "--set", "connect_to=127.0.0.1:" + port, "--to", "server",
                     "--topic", "t", "--data", "hello"});
  }

  GivenDeployment deployment_{project_of(GetParam())};
  ReferenceDeployment legacy_{plan(deployment_)};
};
INSTANTIATE_TEST_SUITE_P(Tcp, OneRootForBoth, kSecurities, security_name);

TEST_P(OneRootForBoth, OurSitesAreNotFooledByALegacyServer) {
  legacy_.start_server();
  ASSERT_EQ(legacy_.request("site-1").code, 0);

  expect_refused(request(deployment_.kit("site-1"), legacy_.port()), 2, "");
}

TEST_P(OneRootForBoth, OurServerIsNotFooledByALegacySite) {
  deployment_.start_server({"--echo"});
  ASSERT_EQ(request(deployment_.kit("site-1"), deployment_.port()).code, 0);

  expect_refused(request(legacy_.kit("site-1"), deployment_.port()), 2, "");
}

TEST_P(OneRootForBoth, OurRunningServerDoesNotTakeOverALegacyKit) {
  deployment_.start_server({"--echo"});
  fs::remove(deployment_.kit("server") / "state/version");
  deployment_.replace_startup("server", legacy_.kit("server"));

  deployment_.server().signal(SIGHUP);

  EXPECT_TRUE(deployment_.server().wait_for_error("the kit has signature")) << deployment_.server().errors();
  EXPECT_EQ(request(deployment_.kit("site-1"), deployment_.port()).code, 0);
}

}  // namespace
}  // namespace fairlead::integration

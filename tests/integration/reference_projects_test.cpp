// The two ready project files, explained and run as they are meant to be.
#include <optional>

#include "build_paths.hpp"
#include "integration/foreign_server.hpp"
#include "integration/given_deployment.hpp"

namespace fairlead::integration {
namespace {

const fs::path kConfigs = fs::path(FAIRLEAD_SOURCE_DIR) / "configs";

/// The participant of this name in what explain says.
base::Json explained(const std::string& file, const std::string& name) {
  const base::Json data = data_of(fairlead({"config", "explain", (kConfigs / file).string(), "--json"}));
  for (const base::Json& one : data["participants"].items())
    if (one["name"].text() == name) return one;
  return {};
}

std::string explained_target(const std::string& name) {
  return explained("multi_address.yml", name)["connect_to"]["value"].text();
}

TEST(MultiAddress, ExplainsWhereEachParticipantConnects) {
  EXPECT_EQ(explained_target("blue"), "tcp://localhost:8002");
  EXPECT_EQ(explained_target("red"), "tcp://127.0.0.1:8002");
  EXPECT_EQ(explained_target("silver"), "tcp://localhost:8002");
  EXPECT_EQ(explained_target("admin@nvidia.com"), "tcp://127.0.0.1:8003");
}

TEST(MultiAddress, IsFineForCheck) {
  EXPECT_EQ(fairlead({"config", "check", (kConfigs / "multi_address.yml").string()}).code, 0);
}

class MultiAddressRuns : public testing::TestWithParam<std::pair<const char*, const char*>> {};
INSTANTIATE_TEST_SUITE_P(Sites, MultiAddressRuns,
                         testing::Values(std::pair{"blue", "localhost"}, std::pair{"red", "127.0.0.1"},
                                         std::pair{"silver", "localhost"}),
                         [](const auto& test) { return test.param.first; });

TEST_P(MultiAddressRuns, SiteIsServedByItsOwnAddressWithMutualTls) {
  GivenDeployment deployment(support::read_text(kConfigs / "multi_address.yml"));
  deployment.start_server({"--echo"});
  Words arguments{"status", "--json"};
  for (const auto& word : deployment.site(GetParam().first, GetParam().second)) arguments.push_back(word);

  const base::Json link = data_of(fairlead(arguments))["link"];

  EXPECT_EQ(link["proved"].items().size(), 3u) << link.dump();
  EXPECT_EQ(link["message_security"].text(), "mac") << link.dump();
}

TEST(MultiAddress, AdminIsServedOnThePortForAdmins) {
  GivenDeployment deployment(support::read_text(kConfigs / "multi_address.yml"));
  const auto server = start_fairlead({"server", "-k", deployment.kit("server").string(), "--set",
                                      "listen.port=0", "--set", "listen.host=127.0.0.1", "--echo"});
  const auto listeners = read_json(*server)["listeners"].items();
  ASSERT_EQ(listeners.size(), 2u);

  const Finished done =
      fairlead({"request", "-k", deployment.kit("admin@nvidia.com").string(), "--set",
                "connect_to=" + listeners[1].text(), "--to", "server", "--topic", "t", "--data", "hello"});

  EXPECT_EQ(done.out, "hello") << done.err;
}

TEST(TlsProxyExample, ExplainsTheReferencesValues) {
  const base::Json server = explained("tls_proxy.yml", "server"), site = explained("tls_proxy.yml", "site-1");

  EXPECT_EQ(server["connection_security"]["value"].text(), "clear");
  EXPECT_EQ(server["message_security"]["value"].text(), "seal");
  EXPECT_EQ(site["connection_security"]["value"].text(), "tls");
  EXPECT_TRUE(site["custom_ca_cert"]["used"].boolean());
  EXPECT_EQ(site["connect_to"]["value"].text(), "tcp://server:8002");
}

TEST(TlsProxyExample, IsRefusedWithoutItsCa) {
  expect_refused(fairlead({"provision", (kConfigs / "tls_proxy.yml").string(), "-w",
                           support::TempDir().path().string(), "--no-passphrase"}),
                 4, "custom_ca_cert");
}

/// The example with a real CA behind custom_ca_cert, its server and a proxy in front of it.
class BehindAProxy : public testing::Test {
 protected:
  explicit BehindAProxy(const std::string& client_security = "tls") {
    support::write_text(folder_.path() / "ca.pem", ca_.pem());
    std::string project = support::read_text(kConfigs / "tls_proxy.yml");
    replace(project, "/path/of/customRoot.pem", (folder_.path() / "ca.pem").string());
    replace(project, "connection_security: tls", "connection_security: " + client_security);
    replace(project, "type: server\n", "type: server\n    host_names: [localhost]\n");
    deployment_.emplace(project);
    deployment_->start_server({"--echo"});
  }

  static void replace(std::string& text, const std::string& old, const std::string& with) {
    const size_t at = text.find(old);
    ASSERT_NE(at, std::string::npos);
    text.replace(at, old.size(), with);
  }
  /// A command of site-1 by way of a proxy.
  Finished run(const TlsProxy& proxy, const Words& arguments) { return run(proxy.port(), arguments); }
  Finished run(const std::string& port, Words arguments) {
    arguments.insert(arguments.end(), {"-k", deployment_->kit("site-1").string(), "--set",
                                       "connect_to=tcp://localhost:" + port});
    return fairlead(arguments);
  }
  TlsProxy proxy(const std::string& pem, const std::string& client_ca = "") {
    return {folder_.path(), {pem, deployment_->port(), client_ca}};
  }

  support::TempDir folder_;
  ForeignCa ca_;
  std::optional<GivenDeployment> deployment_;
};

TEST_F(BehindAProxy, RequestIsAnswered) {
  const TlsProxy front = proxy(ca_.server_pem("localhost"));

  const Finished done = run(front, {"request", "--to", "server", "--topic", "t", "--data", "through"});

  EXPECT_EQ(done.out, "through") << done.err;
}

TEST_F(BehindAProxy, MessagesAreSealed) {
  const TlsProxy front = proxy(ca_.server_pem("localhost"));

  const base::Json link = data_of(run(front, {"status", "--json"}))["link"];

  EXPECT_EQ(link["message_security"].text(), "seal") << link.dump();
  EXPECT_EQ(link["proved"].items().size(), 2u) << link.dump();
}

TEST_F(BehindAProxy, ProxyOfAnotherCaIsNotTrusted) {
  const TlsProxy front = proxy(ForeignCa().server_pem("localhost"));

  const Finished done = run(front, {"ping", "--to", "server"});

  expect_refused(done, 2, "cannot trust");
}

TEST_F(BehindAProxy, CertificateForAnotherHostIsNotTrusted) {
  const TlsProxy front = proxy(ca_.server_pem("proxy.example.com"));

  const Finished done = run(front, {"ping", "--to", "server"});

  expect_refused(done, 2, "cannot trust");
}

TEST_F(BehindAProxy, ExpiredCertificateIsNotTrusted) {
  const TlsProxy front =
      proxy(ca_.server_pem("localhost", {std::chrono::hours(-48), std::chrono::hours(-24)}));

  const Finished done = run(front, {"ping", "--to", "server"});

  expect_refused(done, 2, "expired");
}

TEST_F(BehindAProxy, CertificateOfTheFutureIsNotTrusted) {
  const TlsProxy front = proxy(ca_.server_pem("localhost", {std::chrono::hours(24), std::chrono::hours(48)}));

  const Finished done = run(front, {"ping", "--to", "server"});

  expect_refused(done, 2, "not valid before");
}

TEST_F(BehindAProxy, P3StunnelInFrontOfTheClearServerIsAsGood) {
  const Stunnel front(folder_.path(),
                      {.pem = ca_.server_pem("localhost"), .target_port = deployment_->port()});

  const Finished done = run(front.port(), {"request", "--to", "server", "--topic", "t", "--data", "through"});
  const base::Json link = data_of(run(front.port(), {"status", "--json"}))["link"];

  EXPECT_EQ(done.out, "through") << done.err;
  EXPECT_EQ(link["message_security"].text(), "seal") << link.dump();
  EXPECT_EQ(link["proved"].items().size(), 2u) << link.dump();
}

TEST_F(BehindAProxy, P3StunnelOfAnotherCaIsNotTrusted) {
  const Stunnel front(folder_.path(),
                      {.pem = ForeignCa().server_pem("localhost"), .target_port = deployment_->port()});

  expect_refused(run(front.port(), {"ping", "--to", "server"}), 2, "cannot trust");
}

/// The other way about: a site in the clear behind its own stunnel, which speaks TLS with the server.
class BehindASitesStunnel : public testing::Test {
 protected:
  BehindASitesStunnel() {
    std::string project = project_of("tls");
    const std::string site = "{name: site-1, ";
    project.insert(project.find(site) + site.size(), "connection_security: clear, ");
    deployment_.emplace(project);
    deployment_->start_server({"--echo"});
  }
  /// A command of site-1 by way of a stunnel that trusts this CA.
  Finished run(Words arguments, const fs::path& ca) {
    const Stunnel proxy(folder_.path(), {.side = Stunnel::Plan::Side::starts_tls,
                                         .target_port = deployment_->port(),
                                         .ca = ca.string(),
                                         .host = "localhost"});
    arguments.insert(arguments.end(), {"-k", deployment_->kit("site-1").string(), "--set",
                                       "connect_to=tcp://127.0.0.1:" + proxy.port()});
    return fairlead(arguments);
  }
  fs::path root() const { return deployment_->kit("site-1") / "startup" / "rootCA.pem"; }

  support::TempDir folder_;
  std::optional<GivenDeployment> deployment_;
};

TEST_F(BehindASitesStunnel, P3RequestIsAnswered) {
  const Finished done = run({"request", "--to", "server", "--topic", "t", "--data", "through"}, root());

  EXPECT_EQ(done.out, "through") << done.err;
}

TEST_F(BehindASitesStunnel, P3MessagesAreSealed) {
  const base::Json link = data_of(run({"status", "--json"}, root()))["link"];

  EXPECT_EQ(link["message_security"].text(), "seal") << link.dump();
  EXPECT_EQ(link["proved"].items().size(), 0u) << link.dump();
}

TEST_F(BehindASitesStunnel, P3StunnelThatDoesNotTrustTheServerPassesNothingOn) {
  support::write_text(folder_.path() / "ca.pem", ForeignCa().pem());

  const Finished done = run({"ping", "--to", "server"}, folder_.path() / "ca.pem");

  EXPECT_EQ(done.code, 2) << done.err;
  EXPECT_EQ(deployment_->stop_server()["logins"].integer(-1), 0);
}

class MutualTlsBehindAProxy : public BehindAProxy {
 protected:
  MutualTlsBehindAProxy() : BehindAProxy("mtls") {}
  /// What a proxy would need to pass for the server: the server's own certificate and key.
  std::string stolen_pem() const {
    const fs::path startup = deployment_->kit("server") / "startup";
    return support::read_text(startup / "server.crt") + support::read_text(startup / "server.key");
  }
};

TEST_F(MutualTlsBehindAProxy, ProxyWithItsOwnCertificateIsNotTrusted) {
  const TlsProxy front = proxy(ca_.server_pem("localhost"));

  const Finished done = run(front, {"ping", "--to", "server"});

  expect_refused(done, 2, "cannot trust");
}

TEST_F(MutualTlsBehindAProxy, ProxyThatAsksForNoCertificateIsRefusedWhateverItShows) {
  const TlsProxy front = proxy(stolen_pem());

  const Finished done = run(front, {"ping", "--to", "server"});

  EXPECT_EQ(done.code, 2) << done.err;
  EXPECT_EQ(deployment_->stop_server()["logins"].integer(-1), 0);
}

TEST_F(MutualTlsBehindAProxy, ProxyThatEndsMutualTlsIsABindingMismatch) {
  const TlsProxy front =
      proxy(stolen_pem(), (deployment_->kit("server") / "startup" / "rootCA.pem").string());

  const Finished done = run(front, {"ping", "--to", "server"});

  expect_refused(done, 2, "binding_mismatch");
}

}  // namespace
}  // namespace fairlead::integration

// The files in configs/ as they are meant to run: a real server, real sites, and real proxies where the
// scenario has some. Names of hosts become localhost, ports are whatever is free. reference_projects_test has
// the first two files, policy_test the one with rules.
#include <map>
#include <optional>

#include "build_paths.hpp"
#include "integration/foreign_server.hpp"
#include "integration/given_deployment.hpp"

namespace fairlead::integration {
namespace {

/// A ready project, provisioned, and its server.
class ReadyProject {
 public:
  explicit ReadyProject(const std::string& file, const std::string& server = "server",
                        const std::string& host = "127.0.0.1")
      : deployment_((support::write_text(ca_file(), ca_.pem()), text_of(file))) {
    server_ = start_fairlead({"server", "-k", deployment_.kit(server).string(), "--set", "listen.port=0",
                              "--set", "listen.host=" + host, "--echo"});
    const base::Json ready = read_json(*server_);
    for (const base::Json& listener : ready["listeners"].items()) {
      const std::string address = listener.text();
      ports_.push_back(address.substr(address.rfind(':') + 1));
      schemes_[ports_.back()] = address.substr(0, address.find(':'));
    }
    EXPECT_FALSE(ports_.empty()) << server_->errors();
  }

  /// Port of the listener at this place in the project.
  const std::string& port(size_t listener = 0) const { return ports_.at(listener); }
  /// A command of a participant, against a port of this machine.
  Finished run(const std::string& name, const std::string& port, Words arguments,
               const std::string& host = "localhost") const {
    arguments.insert(arguments.end(), {"-k", deployment_.kit(name).string(), "--set",
                                       "connect_to=" + scheme_at(port) + "://" + host + ":" + port});
    return fairlead(arguments);
  }
  void expect_served(const std::string& name, const std::string& port,
                     const std::string& host = "localhost") const {
    const Finished done =
        run(name, port, {"request", "--to", "server", "--topic", "t", "--data", "hello " + name}, host);
    EXPECT_EQ(done.out, "hello " + name) << done.err << server_->errors();
  }
  /// How a participant's messages are protected, and how many of three facts its link proves.
  void expect_link(const std::string& name, const std::string& port, const std::string& security,
                   size_t proved, const std::string& host = "localhost") const {
    const base::Json link = data_of(run(name, port, {"status", "--json"}, host))["link"];
    EXPECT_EQ(link["message_security"].text(), security) << link.dump();
    EXPECT_EQ(link["proved"].items().size(), proved) << link.dump();
  }
  const ForeignCa& ca() const { return ca_; }
  fs::path ca_file() const { return folder_.path() / "proxy-ca.pem"; }

 private:
  /// Of a listener of ours, or of a proxy.
  std::string scheme_at(const std::string& port) const {
    const auto found = schemes_.find(port);
    return found == schemes_.end() ? "tcp" : found->second;
  }
  std::string text_of(const std::string& file) const {
    std::string text = support::read_text(fs::path(FAIRLEAD_SOURCE_DIR) / "configs" / file);
    for (const auto& [old, now] :
         {std::pair<std::string, std::string>{"certs/proxy-ca.pem", ca_file().string()},
          {"proxy.example.com", "localhost"},
          {"default_host: hub.example.com", "default_host: localhost"},
          {"[hub.example.com]", "[localhost]"}})
      for (size_t at = 0; (at = text.find(old, at)) != std::string::npos; at += now.size())
        text.replace(at, old.size(), now);
    return text;
  }

  support::TempDir folder_;
  ForeignCa ca_;
  GivenDeployment deployment_;
  std::unique_ptr<RunningProcess> server_;
  std::vector<std::string> ports_;
  std::map<std::string, std::string> schemes_;  ///< by port
};

TEST(MutualTlsProject, ServesEverybodyWithAllFactsProved) {
  const ReadyProject project("mutual_tls.yml");

  project.expect_served("site-1", project.port());
  project.expect_served("site-2", project.port());
  project.expect_served("admin@hospital.example", project.port(1));
  project.expect_link("site-1", project.port(), "mac", 3);
}

/// A tunnel of two proxies: TLS between them, none before and behind.
class Tunnel {
 public:
  Tunnel(const ForeignCa& ca, const fs::path& ca_file, const std::string& server_port)
      : outer_(near_.path(), {.pem = ca.server_pem("localhost"), .target_port = server_port}),
        inner_(far_.path(), {.side = Stunnel::Plan::Side::starts_tls,
                             .target_port = outer_.port(),
                             .ca = ca_file.string(),
                             .host = "localhost"}) {}
  const std::string& port() const noexcept { return inner_.port(); }

 private:
  support::TempDir near_, far_;
  Stunnel outer_, inner_;
};

TEST(ClearTunnelProject, ServesSitesThroughTheTunnelWithSealedMessages) {
  const ReadyProject project("clear_tunnel.yml");
  const Tunnel tunnel(project.ca(), project.ca_file(), project.port());

  project.expect_served("site-1", tunnel.port());
  project.expect_served("site-2", tunnel.port());
  project.expect_link("site-1", tunnel.port(), "seal", 0);
}

TEST(SimulatorProject, ServesInTheClearWithSealedMessages) {
  const ReadyProject project("simulator.yml");

  project.expect_served("site-1", project.port());
  project.expect_served("site-2", project.port());
  project.expect_link("site-2", project.port(), "seal", 0);
}

/// One server, three sites, each by the way that its network demands.
class MixedSecurityProject : public testing::Test {
 protected:
  support::TempDir folder_;
  ReadyProject project_{"mixed_security.yml"};
};

TEST_F(MixedSecurityProject, ServesASiteBehindAProxyThatEndsTls) {
  const TlsProxy front(folder_.path(), {project_.ca().server_pem("localhost"), project_.port(0)});

  project_.expect_served("site-1", front.port());
  project_.expect_link("site-1", front.port(), "seal", 2);
}

TEST_F(MixedSecurityProject, ServesASiteWithMutualTlsThroughAProxyThatPassesBytesOn) {
  const PassThrough front(folder_.path(), project_.port(1));

  project_.expect_served("site-2", front.port());
  project_.expect_link("site-2", front.port(), "mac", 3);
}

TEST_F(MixedSecurityProject, ServesASiteInTheClearBehindATunnel) {
  const Tunnel tunnel(project_.ca(), project_.ca_file(), project_.port(0));

  project_.expect_served("site-3", tunnel.port());
  project_.expect_link("site-3", tunnel.port(), "seal", 0);
}

TEST_F(MixedSecurityProject, RefusesASiteThatTakesTheWayOfAnother) {
  const TlsProxy front(folder_.path(), {project_.ca().server_pem("localhost"), project_.port(0)});
  const PassThrough through(folder_.path(), project_.port(1));

  expect_refused(project_.run("site-2", front.port(), {"ping", "--to", "server"}), 2, "cannot trust");
  EXPECT_EQ(project_.run("site-1", through.port(), {"ping", "--to", "server"}).code, 2);
  EXPECT_EQ(project_.run("site-3", project_.port(1), {"ping", "--to", "server"}).code, 2);
}

TEST(ByoconnProject, ServesSitesServicesAndAdminsThroughTheProxy) {
  const ReadyProject project("byoconn.yml");
  const support::TempDir one, other;
  const TlsProxy for_clients(one.path(), {project.ca().server_pem("localhost"), project.port(0)});
  const TlsProxy for_admins(other.path(), {project.ca().server_pem("localhost"), project.port(1)});

  project.expect_served("site-1", for_clients.port());
  project.expect_served("scanner", for_clients.port());
  project.expect_served("admin@hospital.example", for_admins.port());
  const Finished sessions = project.run("admin@hospital.example", for_admins.port(), {"admin", "sessions"});
  EXPECT_EQ(sessions.code, 0) << sessions.err;
}

TEST(ByoconnProject, TrustsNoProxyOfAnotherCaWhoeverConnects) {
  const ReadyProject project("byoconn.yml");
  const support::TempDir folder;
  const TlsProxy front(folder.path(), {ForeignCa().server_pem("localhost"), project.port(0)});

  for (const char* name : {"site-1", "scanner", "admin@hospital.example"})
    expect_refused(project.run(name, front.port(), {"ping", "--to", "server"}), 2, "cannot trust");
}

TEST(LongServerNameProject, ServesSites) {
  const ReadyProject project(
      "long_server_name.yml",
      "federated-learning-server.department-of-radiology.university-hospital.example.com");

  project.expect_served("site-1", project.port());
  project.expect_served("site-2", project.port());
  project.expect_link("site-1", project.port(), "mac", 3);
}

TEST(Ipv6Project, ServesSitesOfBothFamilies) {
  const ReadyProject project("ipv6.yml", "server", "::");

  project.expect_served("site-1", project.port(), "[::1]");
  project.expect_served("site-2", project.port(), "[::1]");
  project.expect_served("site-3", project.port(), "127.0.0.1");
  project.expect_link("site-1", project.port(), "mac", 3, "[::1]");
}

TEST(ReferenceProject, ServesEverybodyWithoutItsBuilders) {
  const ReadyProject project("reference_project.yml", "server1");

  project.expect_served("site-1", project.port());
  project.expect_served("site-2", project.port(), "127.0.0.1");
  project.expect_served("admin@nvidia.com", project.port(1));
}

TEST(ReferenceProject, NamesTheKeysThatHaveNoEffect) {
  const Finished done =
      fairlead({"config", "check", std::string(FAIRLEAD_SOURCE_DIR) + "/configs/reference_project.yml"});

  EXPECT_EQ(done.code, 0) << done.err;
  for (const char* key : {"builders", "components", "enable_byoc", "listening_host", "packager"})
    EXPECT_NE(done.err.find(key), std::string::npos) << key;
}

TEST(ListenersProject, ServesEachSiteAtItsListener) {
  const ReadyProject project("listeners.yml");

  project.expect_served("site-1", project.port(0));
  project.expect_served("site-2", project.port(1));
  project.expect_served("admin@hospital.example", project.port(0));
  project.expect_link("site-1", project.port(0), "mac", 3);
  project.expect_link("site-2", project.port(1), "mac", 2);
}

TEST(ListenersProject, RefusesOneWayTlsWhereMutualTlsIsAskedFor) {
  const ReadyProject project("listeners.yml");

  EXPECT_EQ(project.run("site-2", project.port(0), {"ping", "--to", "server"}).code, 2);
}

TEST(ZmqProject, ServesEverybodyWithAllFactsProved) {
  const ReadyProject project("zmq.yml");

  project.expect_served("site-1", project.port());
  project.expect_served("site-2", project.port());
  project.expect_served("admin@hospital.example", project.port());
  project.expect_link("site-1", project.port(), "mac", 3);
}

TEST(MixedTransportsProject, ServesEachSiteByItsScheme) {
  const ReadyProject project("mixed_transports.yml");

  project.expect_served("site-1", project.port(0));
  project.expect_served("site-2", project.port(1));
  project.expect_served("site-3", project.port(1));
  project.expect_link("site-1", project.port(0), "mac", 3);
  project.expect_link("site-2", project.port(1), "mac", 3);
}

/// `config check` has nothing against a ready file but a CA that is not there.
TEST(ReadyProjects, AreFineButForTheCaThatIsYours) {
  size_t files = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(FAIRLEAD_SOURCE_DIR) / "configs")) {
    if (entry.path().extension() != ".yml") continue;
    const Finished done = fairlead({"config", "check", entry.path().string()});
    const bool needs_ca = support::read_text(entry.path()).find("custom_ca_cert") != std::string::npos;
    EXPECT_EQ(done.code, needs_ca ? 4 : 0) << entry.path() << done.err;
    EXPECT_EQ(done.err.find("custom_ca_cert: cannot read") != std::string::npos, needs_ca) << done.err;
    ++files;
  }
  EXPECT_GE(files, 14u);
}

}  // namespace
}  // namespace fairlead::integration

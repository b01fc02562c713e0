// ZeroMQ between real processes: one server on tcp and zmq at once, and keys that are not whose they should
// be.
#include <csignal>

#include "integration/given_deployment.hpp"

namespace fairlead::integration {
namespace {

std::string mixed_project(const std::string& security, const std::string& more_sites = "") {
  return "api_version: 3\nname: works\nconnection_security: " + security +
         "\nparticipants:\n"
         "- {name: server, type: server, org: o, host_names: [localhost, 127.0.0.1], listeners: [{port: 1}, "
         "{port: 2, scheme: zmq}]}\n"
         "- {name: site-1, type: client, org: o, connect_to: 127.0.0.1}\n"
         "- {name: site-2, type: client, org: o, connect_to: 127.0.0.1, scheme: zmq}\n" +
         more_sites;
}

/// A server on both transports; each site by its own.
class BothTransports : public testing::TestWithParam<const char*> {
 protected:
  BothTransports() : deployment_(mixed_project(GetParam())) { start(); }
  void start() {
    server_ = start_fairlead({"server", "-k", deployment_.kit("server").string(), "--set", "listen.port=0",
                              "--set", "listen.host=127.0.0.1", "--echo"});
    const base::Json ready = read_json(*server_);
    for (const base::Json& one : ready["listeners"].items()) addresses_.push_back(one.text());
    EXPECT_EQ(addresses_.size(), 2u) << server_->errors();
  }
  Words site(const std::string& name) const {
    const std::string& address = addresses_.at(name == "site-1" ? 0 : 1);
    return {"-k", deployment_.kit(name).string(), "--set", "connect_to=" + address};
  }
  Finished run(Words words, const std::string& name) const {
    for (const std::string& word : site(name)) words.push_back(word);
    return fairlead(words);
  }
  std::unique_ptr<RunningProcess> start_client(const std::string& name) const {
    Words words{"client", "--echo"};
    for (const std::string& word : site(name)) words.push_back(word);
    auto client = start_fairlead(words);
    EXPECT_EQ(read_json(*client)["event"].text(), "ready") << client->errors();
    return client;
  }

  GivenDeployment deployment_;
  std::unique_ptr<RunningProcess> server_;
  std::vector<std::string> addresses_;
};
INSTANTIATE_TEST_SUITE_P(TcpAndZmq, BothTransports, kSecurities, security_name);

TEST_P(BothTransports, EachSiteReachesTheServer) {
  for (const char* name : {"site-1", "site-2"})
    EXPECT_EQ(run({"request", "--to", "server", "--topic", "t", "--data", "hello"}, name).out, "hello")
        << name;
}

TEST_P(BothTransports, SitesReachEachOther) {
  const auto one = start_client("site-1"), two = start_client("site-2");

  const Finished to_zmq = run({"request", "--to", "site-2", "--topic", "t", "--data", "to zmq"}, "site-1");
  const Finished to_tcp = run({"request", "--to", "site-1", "--topic", "t", "--data", "to tcp"}, "site-2");

  EXPECT_EQ(to_zmq.out, "to zmq") << to_zmq.err << two->errors();
  EXPECT_EQ(to_tcp.out, "to tcp") << to_tcp.err << one->errors();
}

/// Sixteen megabytes are many frames, each a message of its own.
TEST_P(BothTransports, LargePayloadsCrossFromOneToTheOther) {
  const auto one = start_client("site-1");
  const std::string large(size_t{12} << 20, 'x');
  const fs::path file = deployment_.folder() / "large";
  support::write_text(file, large);

  const Finished done = run({"request", "--to", "site-1", "--topic", "t", "--file", file.string()}, "site-2");

  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(done.out.size(), large.size());
}

TEST_P(BothTransports, DrainsInOrder) {
  const auto one = start_client("site-1"), two = start_client("site-2");

  server_->signal(SIGTERM);

  EXPECT_EQ(read_json(*server_)["event"].text(), "stopped");
  EXPECT_EQ(server_->finish().code, 0) << server_->errors();
}

/// A deployment over zmq in which somebody's files are not his own.
class ForeignKeys : public testing::Test {
 protected:
  ForeignKeys() : deployment_(project_of("zmq_mtls")) {}
  void give(const std::string& from, const std::string& to) const {
    for (const char* file : {"curve.pub", "curve.key"})
      fs::copy_file(deployment_.kit(from) / "startup" / file, deployment_.kit(to) / "startup" / file,
                    fs::copy_options::overwrite_existing);
  }
  Finished ping(const std::string& name) const { return deployment_.run("ping", name, {"--to", "server"}); }
  fs::path statement(const std::string& name) const {
    return deployment_.kit("server") / "local" / "peers" / (name + ".curve");
  }

  GivenDeployment deployment_;
};

TEST_F(ForeignKeys, N68TheKeyOfOneSiteIsNoLoginOfAnother) {
  deployment_.start_server();
  give("site-1", "site-2");

  const Finished done = ping("site-2");

  expect_refused(done, 2, "binding_mismatch");
  EXPECT_EQ(ping("site-1").code, 0);
}

TEST_F(ForeignKeys, N66AKeyWithoutAStatementIsRefused) {
  fs::rename(statement("site-2"), deployment_.folder() / "site-2.curve");
  deployment_.start_server();

  const Finished refused = ping("site-2");
  fs::rename(deployment_.folder() / "site-2.curve", statement("site-2"));
  EXPECT_TRUE(deployment_.server().wait_for_error("peers.in_force keys=2"));

  expect_refused(refused, 2, "refused our CURVE key");
  EXPECT_EQ(ping("site-2").code, 0);
  EXPECT_EQ(ping("site-1").code, 0);
}

TEST_F(ForeignKeys, AStatementThatWasChangedCountsForNothing) {
  std::string text = support::read_text(statement("site-2"));
  text[text.size() / 2] ^= 1;
  support::write_text(statement("site-2"), text);
  deployment_.start_server();

  EXPECT_TRUE(deployment_.server().wait_for_error("peers.refused"));
  EXPECT_EQ(ping("site-2").code, 2);
  EXPECT_EQ(ping("site-1").code, 0);
}

TEST_F(ForeignKeys, AKeyThatIsNotItsPublicOnesIsRefusedAtTheStart) {
  fs::copy_file(deployment_.kit("site-1") / "startup" / "curve.key",
                deployment_.kit("site-2") / "startup" / "curve.key", fs::copy_options::overwrite_existing);

  expect_refused(ping("site-2"), 4, "curve.key is not the key of curve.pub");
}

/// The CURVE pair stays, the certificate is a new one, and the link belongs to the login as before.
TEST(RenewedCertificate, GoesOnOverZmq) {
  std::string project = project_of("zmq_mtls");
  const std::string server = "type: server, ";
  project.insert(project.find(server) + server.size(), "issuing_ca: true, ");
  GivenDeployment deployment(project);
  deployment.start_server();
  const fs::path startup = deployment.kit("site-1") / "startup";
  const std::string certificate = support::read_text(startup / "client.crt");
  const std::string key = support::read_text(startup / "curve.key");

  Words renew{"cert", "renew"};
  for (const std::string& word : deployment.site("site-1")) renew.push_back(word);
  const Finished renewed = fairlead(renew);

  EXPECT_EQ(renewed.code, 0) << renewed.err;
  EXPECT_NE(support::read_text(startup / "client.crt"), certificate);
  EXPECT_EQ(support::read_text(startup / "curve.key"), key);
  EXPECT_EQ(deployment.run("ping", "site-1", {"--to", "server"}).code, 0);
}

/// The kits that are there stay as they are; one file lets the new site in.
/// A zmq listener keeps its CURVE key until a restart; the tcp listener before it has taken its certificate.
TEST(ReloadThatOneListenerRefuses, LeavesTheOthersAsTheyWere) {
  GivenDeployment deployment(mixed_project("mtls"));
  deployment.start_server({"--echo"});
  const std::string workspace = deployment.workspace().parent_path().string();
  ASSERT_EQ(fairlead({"cert", "revoke", "server", "-w", workspace, "--no-passphrase"}).code, 0);
  const fs::path fresh = deployment.provision_again(mixed_project("mtls"));
  deployment.replace_startup("server", fresh / "server");

  deployment.server().signal(SIGHUP);

  ASSERT_TRUE(deployment.server().wait_for_error("server.reload_failed")) << deployment.server().errors();
  EXPECT_TRUE(deployment.server().wait_for_error("keeps its CURVE key until it is restarted"));
  deployment.put_list("site-1", deployment.list(1, {fresh / "server"}));  // does not take the new certificate
  const Finished asked =
      deployment.run("request", "site-1", {"--to", "server", "--topic", "t", "--data", "hello"});
  EXPECT_EQ(asked.out, "hello") << asked.err;
}

TEST(AddedSite, NeedsOneFileAtTheServer) {
  GivenDeployment deployment(project_of("zmq_mtls"));
  deployment.start_server();
  const fs::path made = deployment.provision_again(
      project_of("zmq_mtls") + "- {name: site-3, type: client, org: o, connect_to: 127.0.0.1}\n");
  const auto ping = [&] {
    return fairlead({"ping", "--to", "server", "-k", (made / "site-3").string(), "--set",
                     "connect_to=zmq://127.0.0.1:" + deployment.port()});
  };
  EXPECT_FALSE(fs::exists(made / "server"));
  EXPECT_FALSE(fs::exists(made / "site-1"));
  EXPECT_EQ(ping().code, 2);

  fs::copy_file(made / "site-3.curve", deployment.kit("server") / "local" / "peers" / "site-3.curve");
  EXPECT_TRUE(deployment.server().wait_for_error("peers.in_force keys=3"));

  EXPECT_EQ(ping().code, 0);
}

TEST(ZmqDoctor, FindsAHealthySiteHealthy) {
  for (const char* way : {"zmq_clear", "zmq_mtls"}) {
    GivenDeployment deployment(project_of(way));
    deployment.start_server();

    const Finished found = deployment.run("doctor", "site-1", {});

    EXPECT_EQ(found.code, 0) << found.out << found.err;
  }
}

TEST(ZmqBehindAProxy, IsRefusedAndNeverGoesPastIt) {
  GivenDeployment deployment(project_of("zmq_tls"));
  deployment.start_server();

  expect_refused(deployment.run("ping", "site-1", {"--to", "server", "--set", "proxy=http://127.0.0.1:9"}), 4,
                 "past the proxy");
}

TEST(ZmqProjectFile, IsRefusedWhenNobodyListensOrAKeyStaysAtItsSite) {
  const support::TempDir folder;
  const auto provision = [&](const std::string& text) {
    support::write_text(folder.path() / "p.yml", text);
    return fairlead({"provision", (folder.path() / "p.yml").string(), "-w", (folder.path() / "w").string(),
                     "--no-passphrase"});
  };
  const std::string head =
      "api_version: 3\nname: works\nparticipants:\n- {name: server, type: server, org: o";
  const std::string site = "- {name: site-1, type: client, org: o, scheme: zmq";

  EXPECT_NE(provision(head + "}\n" + site + "}\n").err.find("no zmq listener"), std::string::npos);
  EXPECT_NE(
      provision(head + ", scheme: zmq}\n" + site + ", key_custody: site}\n").err.find("carries no CURVE key"),
      std::string::npos);
}

}  // namespace
}  // namespace fairlead::integration

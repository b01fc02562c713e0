// SIGHUP: other certificates, without a lost message.
#include <atomic>
#include <csignal>
#include <fstream>
#include <thread>

#include "integration/given_deployment.hpp"
#include "support/live_client.hpp"

namespace fairlead::integration {
namespace {

const Words kHello{"--to", "server", "--topic", "t", "--data", "hello"};

/// The same project with another name for the server, which needs other certificates.
std::string renamed(std::string project) {
  const size_t at = project.find("[localhost,");
  return project.replace(at, 11, "[localhost, other.example,");
}
/// The same project with another organisation of site-1, which needs another certificate.
std::string with_other_org(std::string project) {
  const size_t at = project.find("org: o, connect_to");
  return project.replace(at, 6, "org: p");
}

/// Requests one after another from a site, on a thread of its own.
class Traffic {
 public:
  Traffic(const GivenDeployment& deployment, const std::string& site, std::string to = "server")
      : to_(std::move(to)), client_(deployment.kit(site), deployment.address()), thread_([this] { run(); }) {}
  ~Traffic() { stop(); }

  /// Waits until so many have been answered.
  void wait_answered(uint64_t count) const {
    for (uint64_t seen = answered_; seen < count; seen = answered_) answered_.wait(seen);
  }
  void stop() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
  }
  uint64_t answered() const noexcept { return answered_; }
  const std::string& failures() const noexcept { return failures_; }

 private:
  void run() {
    EXPECT_TRUE(client_.wait_ready().has_value());
    for (uint64_t number = 1; !stopping_; ++number) {
      const std::string text = std::to_string(number);
      const auto answer = client_.request(to_, "t", text);
      if (!answer)
        failures_ += text + ": " + answer.error().line() + "\n";
      else if (*answer != text)
        failures_ += text + ": answered with " + *answer + "\n";
      ++answered_;
      answered_.notify_all();
    }
  }

  std::string to_;
  support::LiveClient client_;
  std::atomic<bool> stopping_{false};
  std::atomic<uint64_t> answered_{0};
  std::string failures_;
  std::thread thread_;
};

class Reload : public EachSecurity {
 protected:
  bool server_says(const std::string& text) { return deployment_.server().wait_for_error(text); }
  int code_of_request(const std::string& site) { return deployment_.run("request", site, kHello).code; }
  /// Keeps the server's kit as it is now.
  fs::path kept_server_kit() const {
    fs::path kept = deployment_.folder() / "kept";
    fs::copy(deployment_.kit("server"), kept, fs::copy_options::recursive);
    return kept;
  }
};
INSTANTIATE_TEST_SUITE_P(Tcp, Reload, kSecurities, security_name);
INSTANTIATE_TEST_SUITE_P(Other, Reload, kOtherTransports, security_name);

TEST_P(Reload, OfOtherCertificatesLosesNoMessage) {
  const fs::path fresh = deployment_.provision_again(renamed(project_of(GetParam())));
  const fs::path former = kept_server_kit();
  Traffic traffic(deployment_, "site-1");
  traffic.wait_answered(500);

  deployment_.replace_startup("server", fresh / "server");
  deployment_.server().signal(SIGHUP);
  ASSERT_TRUE(server_says("server.reloaded")) << deployment_.server().errors();
  traffic.wait_answered(traffic.answered() + 1500);
  traffic.stop();

  EXPECT_EQ(traffic.failures(), "");
  EXPECT_GE(traffic.answered(), 2000u);
  // A site that trusts the former certificate no more gets in: new connections see the new one, inside and
  // out.
  deployment_.put_list("site-2", deployment_.list(1, {former}));
  EXPECT_EQ(code_of_request("site-2"), 0);
}

TEST_P(Reload, WithoutNewCertificatesNobodyIsFooled) {
  deployment_.put_list("site-2", deployment_.list(1, {deployment_.kit("server")}));
  deployment_.server().signal(SIGHUP);
  ASSERT_TRUE(server_says("server.reloaded")) << deployment_.server().errors();

  EXPECT_EQ(code_of_request("site-2"), 2);
}

TEST_P(Reload, OfADamagedKitLeavesEverythingAsItWas) {
  const auto client = deployment_.start_client("site-1");
  std::ofstream(deployment_.kit("server") / "startup" / "fairlead.json", std::ios::app) << " ";

  deployment_.server().signal(SIGHUP);

  ASSERT_TRUE(server_says("server.reload_failed")) << deployment_.server().errors();
  EXPECT_TRUE(server_says("fairlead.json has "));
  EXPECT_EQ(code_of_request("site-2"), 0);
  EXPECT_EQ(deployment_.stop_server()["event"].text(), "stopped");
}

TEST_P(Reload, OfAKitWithoutItsKeyLeavesEverythingAsItWas) {
  fs::remove(deployment_.kit("server") / "startup" / "token.key");

  deployment_.server().signal(SIGHUP);

  ASSERT_TRUE(server_says("server.reload_failed")) << deployment_.server().errors();
  EXPECT_TRUE(server_says("token.key is missing"));
  EXPECT_EQ(code_of_request("site-2"), 0);
}

TEST_P(Reload, OfAnotherProjectsKitIsRefused) {
  GivenDeployment other(project_of(GetParam()));
  deployment_.replace_startup("server", other.kit("server"));

  deployment_.server().signal(SIGHUP);

  ASSERT_TRUE(server_says("server.reload_failed")) << deployment_.server().errors();
  EXPECT_EQ(code_of_request("site-1"), 0);
}

TEST_P(Reload, OfAKitWithAnotherPortAsksForARestart) {
  const std::string way = GetParam();
  const std::string scheme = way.starts_with("zmq_") ? "zmq" : way == "unix" ? "unix" : "tcp";
  std::string project = project_of(way);
  project.replace(
      project.find("host_names"), 0,
      "listeners: [{scheme: " + scheme + ", port: 8002}, {scheme: " + scheme + ", port: 8003}], ");
  const fs::path fresh = deployment_.provision_again(project);
  deployment_.replace_startup("server", fresh / "server");

  deployment_.server().signal(SIGHUP);

  ASSERT_TRUE(server_says("server.reload_failed")) << deployment_.server().errors();
  EXPECT_TRUE(server_says("restart to use it"));
  EXPECT_EQ(code_of_request("site-1"), 0);
}

TEST_P(Reload, AsOftenAsYouLikeUnderLoad) {
  Traffic traffic(deployment_, "site-1");
  for (uint64_t i = 1; i <= 30; ++i) {
    deployment_.server().signal(SIGHUP);
    traffic.wait_answered(20 * i);
  }
  traffic.stop();

  EXPECT_EQ(traffic.failures(), "");
  EXPECT_TRUE(server_says("server.reloaded")) << deployment_.server().errors();
}

TEST_P(Reload, LogsAClientInWithItsNewCertificateWithoutALostMessage) {
  const auto client = deployment_.start_client("site-1", {"--echo"});
  Traffic traffic(deployment_, "site-2", "site-1");
  const fs::path fresh = deployment_.provision_again(with_other_org(project_of(GetParam())));
  const fs::path former = deployment_.folder() / "former";
  fs::copy(deployment_.kit("site-1"), former, fs::copy_options::recursive);
  deployment_.replace_startup("site-1", fresh / "site-1");
  traffic.wait_answered(100);

  client->signal(SIGHUP);
  ASSERT_TRUE(client->wait_for_error("client.logged_in_again")) << client->errors();
  // Whoever stands on the former certificate is cut off from here on.
  deployment_.put_list("server", deployment_.list(1, {former}));
  ASSERT_TRUE(server_says("crl.in_force")) << deployment_.server().errors();
  traffic.wait_answered(traffic.answered() + 500);
  traffic.stop();

  EXPECT_EQ(traffic.failures(), "");
  EXPECT_EQ(client->errors().find("client.disconnected"), std::string::npos) << client->errors();
}

TEST_P(Reload, OfADamagedKitLeavesAClientAsItWas) {
  const auto client = deployment_.start_client("site-1", {"--echo"});
  fs::remove(deployment_.kit("site-1") / "startup" / "client.key");

  client->signal(SIGHUP);

  ASSERT_TRUE(client->wait_for_error("client.reload_failed")) << client->errors();
  EXPECT_EQ(deployment_.run("request", "site-2", {"--to", "site-1", "--topic", "t", "--data", "x"}).out, "x");
}

}  // namespace
}  // namespace fairlead::integration

// Revocation lists in the kits of running processes.
#include <sys/stat.h>

#include <fstream>

#include "integration/given_deployment.hpp"

namespace fairlead::integration {
namespace {

using std::chrono::steady_clock;
constexpr std::chrono::seconds kEffective(5);

const Words kHello{"--to", "server", "--topic", "t", "--data", "hello"};

class Revocation : public EachSecurity {
 protected:
  bool server_says(const std::string& text) { return deployment_.server().wait_for_error(text); }
  int code_of_request(const std::string& site) { return deployment_.run("request", site, kHello).code; }
};
INSTANTIATE_TEST_SUITE_P(Tcp, Revocation, kSecurities, security_name);
INSTANTIATE_TEST_SUITE_P(Other, Revocation, kOtherTransports, security_name);

TEST_P(Revocation, CutsOffAConnectedSiteWithin5SecondsAndNobodyElse) {
  const auto revoked = deployment_.start_client("site-1"), other = deployment_.start_client("site-2");
  const auto before = steady_clock::now();

  deployment_.put_list("server", deployment_.list(1, {deployment_.kit("site-1")}));
  const bool cut = revoked->wait_for_error("certificate_revoked", kEffective);

  EXPECT_TRUE(cut) << revoked->errors();
  EXPECT_LT(steady_clock::now() - before, kEffective);
  EXPECT_TRUE(server_says("session.ended peer=site-1 code=certificate_revoked"));
  EXPECT_EQ(code_of_request("site-2"), 0);
  EXPECT_FALSE(other->wait_for_error("client.disconnected", std::chrono::milliseconds(300)));
}

TEST_P(Revocation, LetsNobodyInWithARevokedCertificate) {
  deployment_.put_list("server", deployment_.list(1, {deployment_.kit("site-1")}));
  ASSERT_TRUE(server_says("crl.in_force")) << deployment_.server().errors();

  const Finished refused = deployment_.run("request", "site-1", kHello);

  EXPECT_EQ(refused.code, 2) << refused.err;
  EXPECT_EQ(refused.err.find("certificate_revoked"), std::string::npos) << "the reason stays with the server";
  EXPECT_EQ(code_of_request("site-2"), 0);
}

TEST_P(Revocation, TellsARequesterThatTheReceiverIsGone) {
  const std::string answer = (deployment_.folder() / "answer").string();
  ASSERT_EQ(::mkfifo(answer.c_str(), 0600), 0);
  const auto silent = deployment_.start_client("site-1", {"--on", "slow=/bin/cat " + answer});
  Words arguments{"request", "--to", "site-1", "--topic", "slow", "--data", "x"};
  for (const std::string& word : deployment_.site("site-2")) arguments.push_back(word);
  const auto request = start_fairlead(arguments);
  const std::ofstream handler(answer);  // opens once the command runs

  deployment_.put_list("server", deployment_.list(1, {deployment_.kit("site-1")}));
  const Finished answered = request->finish();

  EXPECT_NE(answered.err.find("receiver_gone"), std::string::npos) << answered.err;
}

TEST_P(Revocation, ABrokenListLeavesTheOldOneInForce) {
  deployment_.put_list("server", deployment_.list(1, {deployment_.kit("site-1")}));
  ASSERT_TRUE(server_says("crl.in_force")) << deployment_.server().errors();

  deployment_.put_list("server", "nonsense");
  ASSERT_TRUE(server_says("crl.refused")) << deployment_.server().errors();

  EXPECT_TRUE(server_says("why=crl_malformed"));
  EXPECT_EQ(code_of_request("site-1"), 2);
  EXPECT_EQ(code_of_request("site-2"), 0);
}

TEST_P(Revocation, AnOlderListIsRefusedAlsoAfterARestart) {
  deployment_.put_list("server", deployment_.list(7, {deployment_.kit("site-1")}));
  ASSERT_TRUE(server_says("number=7")) << deployment_.server().errors();

  deployment_.put_list("server", deployment_.list(6, {}));
  ASSERT_TRUE(server_says("why=crl_older")) << deployment_.server().errors();
  EXPECT_EQ(code_of_request("site-1"), 2);

  deployment_.restart_server(server_options());
  EXPECT_TRUE(server_says("why=crl_older")) << deployment_.server().errors();
  EXPECT_EQ(code_of_request("site-1"), 2);
  EXPECT_EQ(code_of_request("site-2"), 0);
}

TEST_P(Revocation, ANewerListLetsASiteBackIn) {
  deployment_.put_list("server", deployment_.list(1, {deployment_.kit("site-1")}));
  ASSERT_TRUE(server_says("number=1")) << deployment_.server().errors();
  deployment_.put_list("server", deployment_.list(2, {}));
  ASSERT_TRUE(server_says("number=2")) << deployment_.server().errors();

  EXPECT_EQ(code_of_request("site-1"), 0);
}

TEST_P(Revocation, AStaleListWarnsAndStillRevokes) {
  deployment_.put_list("server", deployment_.list(1, {deployment_.kit("site-1")}, -std::chrono::minutes(30)));
  ASSERT_TRUE(server_says("crl.stale")) << deployment_.server().errors();

  EXPECT_EQ(code_of_request("site-1"), 2);
  EXPECT_EQ(code_of_request("site-2"), 0);
}

TEST_P(Revocation, AClientWithAListLeavesARevokedServer) {
  const auto client = deployment_.start_client("site-1");

  deployment_.put_list("site-1", deployment_.list(1, {deployment_.kit("server")}));

  EXPECT_TRUE(client->wait_for_error("client.server_revoked", kEffective)) << client->errors();
  EXPECT_EQ(code_of_request("site-1"), 2);
  EXPECT_EQ(code_of_request("site-2"), 0) << "who has no list asks none";
}

class StrictRevocation : public testing::TestWithParam<const char*> {
 protected:
  StrictRevocation() : deployment_("crl: strict\n" + project_of(GetParam())) {}
  int code_of_request() { return deployment_.run("request", "site-1", kHello).code; }
  bool server_says(const std::string& text) { return deployment_.server().wait_for_error(text); }

  GivenDeployment deployment_;
};
INSTANTIATE_TEST_SUITE_P(Tcp, StrictRevocation, kSecurities, security_name);
INSTANTIATE_TEST_SUITE_P(Other, StrictRevocation, kOtherTransports, security_name);

TEST_P(StrictRevocation, RefusesEverybodyUntilThereIsAList) {
  deployment_.start_server({"--echo"});
  EXPECT_TRUE(server_says("crl.none")) << deployment_.server().errors();

  const Finished refused = deployment_.run("request", "site-1", kHello);
  EXPECT_EQ(refused.code, 2);
  EXPECT_EQ(refused.err.find("crl_stale"), std::string::npos) << refused.err;
  EXPECT_TRUE(server_says("code=crl_stale")) << deployment_.server().errors();

  deployment_.put_list("server", deployment_.list(1, {}));
  ASSERT_TRUE(server_says("crl.in_force")) << deployment_.server().errors();
  EXPECT_EQ(code_of_request(), 0);
}

TEST_P(StrictRevocation, RefusesEverybodyUnderAStaleList) {
  deployment_.put_list("server", deployment_.list(1, {}, -std::chrono::minutes(30)));
  deployment_.start_server({"--echo"});
  EXPECT_TRUE(server_says("crl.stale")) << deployment_.server().errors();

  EXPECT_EQ(code_of_request(), 2);
  EXPECT_TRUE(server_says("code=crl_stale")) << deployment_.server().errors();
}

}  // namespace
}  // namespace fairlead::integration

// The certificates of a workspace after they were issued: `cert revoke`, `cert expiring`.
#include <gmock/gmock.h>

#include "integration/given_deployment.hpp"

namespace fairlead::integration {
namespace {

using testing::HasSubstr;

const Words kHello{"--to", "server", "--topic", "t", "--data", "hello"};

class Cert : public testing::Test {
 protected:
  std::string root() const { return deployment_.workspace().parent_path().string(); }
  Finished revoke(Words more) const {
    more.insert(more.begin(), {"cert", "revoke", "-w", root()});
    return fairlead(more);
  }
  Finished expiring(const fs::path& path, Words more = {}) const {
    more.insert(more.begin(), {"cert", "expiring", path.string()});
    return fairlead(more);
  }
  void copy_list_to(const std::string& participant) {
    deployment_.put_list(participant, support::read_text(deployment_.workspace() / "crl.pem"));
  }
  int code_of_request(const std::string& site) { return deployment_.run("request", site, kHello).code; }

  GivenDeployment deployment_{project_of("mtls")};
};

TEST_F(Cert, RevokeCutsASiteOffUntilItHasItsNewKit) {
  deployment_.start_server({"--echo"});
  ASSERT_EQ(code_of_request("site-1"), 0);

  const Finished revoked = revoke({"site-1", "--reason", "keyCompromise", "--no-passphrase"});
  ASSERT_EQ(revoked.code, 0) << revoked.err;
  EXPECT_THAT(revoked.err, HasSubstr("local/crl.pem"));
  EXPECT_THAT(revoked.out, HasSubstr("keyCompromise"));
  copy_list_to("server");
  ASSERT_TRUE(deployment_.server().wait_for_error("crl.in_force")) << deployment_.server().errors();
  EXPECT_EQ(code_of_request("site-1"), 2);
  EXPECT_EQ(code_of_request("site-2"), 0);

  deployment_.replace_startup("site-1", deployment_.provision_again(project_of("mtls")) / "site-1");
  EXPECT_EQ(code_of_request("site-1"), 0);
}

TEST_F(Cert, RevokeTellsTheSiteItselfWhenItGetsTheList) {
  deployment_.start_server({"--echo"});
  const auto client = deployment_.start_client("site-1");
  ASSERT_EQ(revoke({"site-1", "--no-passphrase"}).code, 0);

  copy_list_to("site-1");

  EXPECT_TRUE(client->wait_for_error("crl.own_certificate")) << client->errors();
}

TEST_F(Cert, RevokeAgainSaysSoAndChangesNothing) {
  ASSERT_EQ(revoke({"site-1", "--no-passphrase"}).code, 0);
  const std::string list = support::read_text(deployment_.workspace() / "crl.pem");

  const Finished again = revoke({"site-1"});

  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(again.out, "");
  EXPECT_THAT(again.err, HasSubstr("site-1 was revoked already; nothing to do"));
  EXPECT_EQ(support::read_text(deployment_.workspace() / "crl.pem"), list);
}

TEST_F(Cert, RevokeSaysEverythingAsJson) {
  const base::Json data = data_of(revoke({"server", "--no-passphrase", "--next-update", "30d", "--json"}));

  EXPECT_EQ(data["project"].text(), "works");
  EXPECT_EQ(data["revoked"].items().size(), 2u);
  EXPECT_EQ(data["number"].integer(), 1);
  EXPECT_EQ(data["count"].integer(), 2);
  EXPECT_EQ(data["next_update_ms"].integer() - data["this_update_ms"].integer(), int64_t{30} * 86'400'000);
  EXPECT_EQ(data["file"].text(), (deployment_.workspace() / "crl.pem").string());
}

TEST_F(Cert, RevokeRefreshGivesTheNextNumber) {
  ASSERT_EQ(revoke({"site-1", "--no-passphrase"}).code, 0);

  const base::Json data = data_of(revoke({"--refresh", "--no-passphrase", "--json"}));

  EXPECT_EQ(data["number"].integer(), 2);
  EXPECT_EQ(data["count"].integer(), 1);
}

TEST_F(Cert, RevokeRefusesWhatMakesNoSense) {
  expect_refused(revoke({"site1"}), 4, "did you mean site-1?");
  expect_refused(revoke({}), 4, "nobody was named");
  expect_refused(revoke({"site-1", "--refresh"}), 4, "--refresh revokes nobody");
  expect_refused(revoke({"site-1", "--reason", "boredom"}), 4, "\"boredom\" is no reason");
  expect_refused(revoke({"site-1", "--next-update", "soon"}), 4, "\"soon\" is not a period");
  expect_refused(revoke({"site-1", "--project", "other"}), 4, "there is no project other");
  EXPECT_FALSE(fs::exists(deployment_.workspace() / "crl.pem"));
}

TEST_F(Cert, RevokeNeedsThePassphraseOfTheRootKey) {
  const std::string workspace = (deployment_.folder() / "encrypted").string();
  const RunningProcess::Options secret{.environment = {"ROOT_KEY=correct horse"}};
  const RunningProcess::Options wrong{.environment = {"ROOT_KEY=wrong horse"}};
  const Words revoke_here{"cert", "revoke", "site-1", "-w", workspace};
  Words with_variable = revoke_here;
  with_variable.insert(with_variable.end(), {"--passphrase-env", "ROOT_KEY"});
  ASSERT_EQ(fairlead({"provision", (deployment_.folder() / "project.yml").string(), "-w", workspace,
                      "--passphrase-env", "ROOT_KEY"},
                     secret)
                .code,
            0);

  expect_refused(fairlead(revoke_here), 4, "there is no terminal to ask");
  expect_refused(fairlead(with_variable, wrong), 4, "wrong passphrase");
  EXPECT_EQ(fairlead(with_variable, secret).code, 0);
}

TEST_F(Cert, ExpiringTellsCronByItsExitCode) {
  const Finished fresh = expiring(root()), soon = expiring(root(), {"--within", "400d"});

  EXPECT_EQ(fresh.code, 0) << fresh.err;
  EXPECT_EQ(fresh.out, "");
  EXPECT_THAT(fresh.err, HasSubstr("0 of 5 certificates in 3 kits"));
  EXPECT_EQ(soon.code, 1) << soon.err;
  EXPECT_THAT(soon.out, HasSubstr("NAME    TYPE    CERTIFICATE  EXPIRES     DAYS LEFT  PATH\n"));
  EXPECT_THAT(soon.out, HasSubstr("server  server  token"));
}

TEST_F(Cert, ExpiringSaysNothingToCronWhileNothingEnds) {
  const Finished fresh = expiring(root(), {"-q"}), soon = expiring(root(), {"-q", "--within", "400d"});

  EXPECT_EQ(fresh.out + fresh.err, "");
  EXPECT_EQ(soon.err, "");
  EXPECT_THAT(soon.out, HasSubstr("site-1"));
}

TEST_F(Cert, ExpiringSaysEverythingAsJson) {
  const Finished soon = expiring(deployment_.kit("site-1"), {"--within", "398d", "--json"});

  EXPECT_EQ(soon.code, 1);
  const auto parsed = base::Json::parse(soon.out);
  ASSERT_TRUE(parsed.has_value()) << soon.out;
  EXPECT_EQ((*parsed)["status"].text(), "ok");
  const base::Json& ending = (*parsed)["data"]["ending"];
  ASSERT_EQ(ending.items().size(), 1u);
  EXPECT_EQ(ending.items()[0]["name"].text(), "site-1");
  EXPECT_EQ(ending.items()[0]["days_left"].integer(), 397);
}

TEST_F(Cert, ExpiringRefusesAPathWithoutAKit) {
  expect_refused(expiring(deployment_.kit("site-1") / "local"), 4, "there is no kit here");
  expect_refused(expiring(root(), {"--within", "30"}), 4, "--within 30");
}

}  // namespace
}  // namespace fairlead::integration

// Who may send what to whom, between real processes: the rules of a project file, the rules without any, and
// participants that are no sites.
#include "build_paths.hpp"
#include "integration/given_deployment.hpp"

namespace fairlead::integration {
namespace {

/// configs/policy.yml connected in another way, with its rules or without any.
std::string project_of_configs(const std::string& way, const std::string& rules) {
  std::string text = support::read_text(fs::path(FAIRLEAD_SOURCE_DIR) / "configs" / "policy.yml");
  const size_t from = text.find("policy:\n"), to = text.find("participants:\n");
  EXPECT_LT(from, to);
  if (rules == "without") text.erase(from, to - from);
  return text + connection_of(way);
}

/// Parameter: how the whole project connects.
class PolicyCase : public testing::TestWithParam<const char*> {
 protected:
  explicit PolicyCase(const std::string& rules) : deployment_(project_of_configs(GetParam(), rules)) {
    deployment_.start_server({"--echo"});
  }
  Finished request(const std::string& from, const std::string& to, const std::string& topic) const {
    return deployment_.run("request", from, {"--to", to, "--topic", topic, "--data", "hello"});
  }
  void expect_answered(const std::string& from, const std::string& to, const std::string& topic) const {
    const Finished done = request(from, to, topic);
    EXPECT_EQ(done.code, 0) << done.err;
    EXPECT_EQ(done.out, "hello");
  }
  void expect_not_allowed(const std::string& from, const std::string& to, const std::string& topic) const {
    expect_refused(request(from, to, topic), 1, "not_allowed");
  }

  GivenDeployment deployment_;
};

class ProjectWithRules : public PolicyCase {
 protected:
  ProjectWithRules() : PolicyCase("with") {}
};
INSTANTIATE_TEST_SUITE_P(Tcp, ProjectWithRules, kSecurities, security_name);
INSTANTIATE_TEST_SUITE_P(Other, ProjectWithRules, kOtherSchemes, security_name);

class ProjectWithoutRules : public PolicyCase {
 protected:
  ProjectWithoutRules() : PolicyCase("without") {}
};
INSTANTIATE_TEST_SUITE_P(Tcp, ProjectWithoutRules, kSecurities, security_name);
INSTANTIATE_TEST_SUITE_P(Other, ProjectWithoutRules, kOtherSchemes, security_name);

TEST_P(ProjectWithRules, LetsPassWhatARuleNames) {
  expect_answered("site-1", "server", "train");
  expect_answered("site-1", "server", "eval/loss");
}

TEST_P(ProjectWithRules, RefusesWhatNoRuleNames) {
  const auto other = deployment_.start_client("site-2", {"--echo"});

  expect_not_allowed("site-1", "server", "evaluate");
  expect_not_allowed("site-2", "server", "other");
  expect_not_allowed("site-1", "site-2", "train");

  EXPECT_EQ(deployment_.stop_server()["refused"]["not_allowed"].integer(), 3);
}

TEST_P(ProjectWithRules, LetAThirdPartyReachOneSiteWhichMayAnswer) {
  const auto site_1 = deployment_.start_client("site-1", {"--echo"});
  const auto site_2 = deployment_.start_client("site-2", {"--echo"});
  const auto scanner = deployment_.start_client("scanner", {"--echo"});

  expect_answered("scanner", "site-1", "images/ct");
  expect_not_allowed("scanner", "site-1", "train");
  expect_not_allowed("scanner", "site-2", "images/ct");
  expect_not_allowed("scanner", "server", "images/ct");
  expect_not_allowed("site-1", "scanner", "images/ct");
}

TEST_P(ProjectWithRules, LetSitesPingWhereARuleNamesThat) {
  EXPECT_EQ(deployment_.run("ping", "site-2", {"--to", "server", "-c", "1"}).code, 0);
  EXPECT_EQ(deployment_.run("status", "site-2", {}).code, 0);
  expect_refused(deployment_.run("ping", "scanner", {"--to", "server", "-c", "1"}), 1, "not_allowed");
}

TEST(ProjectWithRulesFile, IsFineForCheck) {
  const std::string file = std::string(FAIRLEAD_SOURCE_DIR) + "/configs/policy.yml";

  EXPECT_EQ(fairlead({"config", "check", file}).code, 0);
}

TEST_P(ProjectWithoutRules, LetsSitesAndServicesReachServerAndSites) {
  const auto other = deployment_.start_client("site-2", {"--echo"});

  expect_answered("site-1", "server", "anything");
  expect_answered("site-1", "site-2", "anything");
  expect_answered("scanner", "server", "anything");
  expect_answered("scanner", "site-2", "anything");
}

TEST_P(ProjectWithoutRules, TakesAdministrationFromAdministratorsOnly) {
  expect_not_allowed("site-1", "server", "admin/sessions");
  expect_not_allowed("scanner", "server", "admin/kick");

  const Finished asked = deployment_.run("admin", "admin@hospital.example", {"sessions"});
  EXPECT_EQ(asked.code, 0) << asked.err;
}

}  // namespace
}  // namespace fairlead::integration

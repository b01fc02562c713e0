// Who may send what to whom, between real processes: the rules of a project file, the rules without any, and
// participants that are no sites.
#include "integration/given_deployment.hpp"

namespace fairlead::integration {
namespace {

/// Two sites, a third party's system and an administrator.
std::string project_with(const std::string& security, const std::string& policy) {
  return "api_version: 3\nname: works\nconnection_security: " + security + "\n" + policy +
         "participants:\n"
         "- {name: server, type: server, org: o, fed_learn_port: 8002, host_names: [127.0.0.1]}\n"
         "- {name: site-1, type: client, org: o, connect_to: 127.0.0.1}\n"
         "- {name: site-2, type: client, org: o, connect_to: 127.0.0.1}\n"
         "- {name: scanner, type: service, org: vendor, connect_to: 127.0.0.1}\n"
         "- {name: boss@o.example, type: admin, org: o, role: project_admin, connect_to: 127.0.0.1}\n";
}

constexpr const char* kRules =
    "policy:\n"
    "- {from: site-1, to: server, topics: [train, eval/*]}\n"
    "- {from: scanner, to: site-1, topics: [images/*]}\n"
    "- {from: admin, to: server, topics: ['*']}\n";

/// Parameter: connection security of the whole project.
class PolicyCase : public testing::TestWithParam<const char*> {
 protected:
  explicit PolicyCase(const std::string& policy) : deployment_(project_with(GetParam(), policy)) {
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
  ProjectWithRules() : PolicyCase(kRules) {}
};
INSTANTIATE_TEST_SUITE_P(Tcp, ProjectWithRules, kSecurities, security_name);

class ProjectWithoutRules : public PolicyCase {
 protected:
  ProjectWithoutRules() : PolicyCase("") {}
};
INSTANTIATE_TEST_SUITE_P(Tcp, ProjectWithoutRules, kSecurities, security_name);

TEST_P(ProjectWithRules, LetsPassWhatARuleNames) {
  expect_answered("site-1", "server", "train");
  expect_answered("site-1", "server", "eval/loss");
}

TEST_P(ProjectWithRules, RefusesWhatNoRuleNames) {
  const auto other = deployment_.start_client("site-2", {"--echo"});

  expect_not_allowed("site-1", "server", "evaluate");
  expect_not_allowed("site-2", "server", "train");
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

  const Finished asked = deployment_.run("admin", "boss@o.example", {"sessions"});
  EXPECT_EQ(asked.code, 0) << asked.err;
}

}  // namespace
}  // namespace fairlead::integration

// A site whose clock is wrong, as a process of its own: its wall clock is shifted by Debian's faketime.
#include <gmock/gmock.h>

#include "integration/given_deployment.hpp"

namespace fairlead::integration {
namespace {

class ClockSkew : public testing::TestWithParam<const char*> {
 protected:
  ClockSkew() : deployment_(project_of(GetParam())) {
    deployment_.start_server({"--echo", "--set", "token_lifetime=2s"});
  }
  Words site_1(const std::string& command, const Words& more) const {
    Words arguments{command, "-v"};
    const Words site = deployment_.site("site-1");
    arguments.insert(arguments.end(), site.begin(), site.end());
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  /// A site whose clock is off by this logs in, is heard, renews its token, and warns of what it sees of the
  /// server's.
  void expect_works(const std::string& offset, const std::string& skew) {
    RunningProcess site(at_other_time(offset, site_1("client", {"--echo"})));
    ASSERT_EQ(read_json(site)["event"].text(), "ready") << site.errors();

    const Finished done =
        deployment_.run("request", "site-2", {"--to", "site-1", "--topic", "t", "--data", "hello"});

    EXPECT_EQ(done.out, "hello") << done.err;
    EXPECT_TRUE(site.wait_for_error("client.renewed")) << site.errors();
    EXPECT_THAT(site.errors(), testing::ContainsRegex("client.clock_skew seconds=" + skew + " ")) << offset;
    EXPECT_EQ(deployment_.stop_server()["refused"].members().size(), 0u);
  }

  GivenDeployment deployment_;
};
INSTANTIATE_TEST_SUITE_P(Tcp, ClockSkew, kSecurities, security_name);

TEST_P(ClockSkew, OfTenMinutesAheadWorksWithAWarning) { expect_works("+600s", "-(600|601)"); }

TEST_P(ClockSkew, OfTenMinutesBehindWorksWithAWarning) { expect_works("-600s", "(599|600)"); }

}  // namespace
}  // namespace fairlead::integration

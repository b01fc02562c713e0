// Strangers who connect to a running server and say nothing at all.
#include <sys/resource.h>

#include "integration/given_deployment.hpp"
#include "integration/relay.hpp"

namespace fairlead::integration {
namespace {

constexpr size_t kStrangers = 2000;

/// This process needs a descriptor for each stranger.
void take_all_descriptors() {
  rlimit descriptors{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &descriptors), 0);
  descriptors.rlim_cur = descriptors.rlim_max;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &descriptors), 0);
  ASSERT_GT(descriptors.rlim_cur, kStrangers + 100);
}

class Silence : public EachSecurity {
 protected:
  Silence() { take_all_descriptors(); }
};
INSTANTIATE_TEST_SUITE_P(Tcp, Silence, kSecurities, security_name);

TEST_P(Silence, OfTwoThousandConnectionsDisturbsNobody) {
  const auto before = deployment_.start_client("site-2", {"--echo"});
  std::vector<kit::Descriptor> strangers;
  for (size_t i = 0; i < kStrangers; ++i) {
    strangers.push_back(connect_to(deployment_.port()));
    ASSERT_TRUE(strangers.back()) << i;
  }

  // A new login, and messages to a site that was there before.
  const base::Json data =
      data_of(deployment_.run("ping", "site-1", {"--to", "site-2", "-c", "200", "--json"}));

  EXPECT_EQ(data["count"].integer(), 200) << data.dump();
  EXPECT_EQ(data["lost"].integer(-1), 0) << data.dump();
  EXPECT_EQ(before->errors().find("client.disconnected"), std::string::npos) << before->errors();
  EXPECT_LT(deployment_.server().memory("VmRSS"), 400 * 1024);
}

}  // namespace
}  // namespace fairlead::integration

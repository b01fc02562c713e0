// A machine whose kernel has no IPv6: "::" in a kit means every address there is.
#include "build_paths.hpp"
#include "integration/given_deployment.hpp"

namespace fairlead::integration {
namespace {

/// A command as such a machine runs it.
Words without_ipv6(Words arguments) {
  const fs::path runner = fs::path(FAIRLEAD_BINARY_DIR) / "tests" / "without_ipv6";
  arguments.insert(arguments.begin(), {runner.string(), program().string()});
  return arguments;
}

class WithoutIpv6 : public testing::TestWithParam<const char*> {
 protected:
  WithoutIpv6() : deployment_(project_of(GetParam())) {}
  Words server(const std::string& host) const {
    return without_ipv6({"server", "-k", deployment_.kit("server").string(), "--set", "listen.port=0",
                         "--set", "listen.host=" + host, "--echo"});
  }

  GivenDeployment deployment_;
};
INSTANTIATE_TEST_SUITE_P(Tcp, WithoutIpv6, kSecurities, security_name);

TEST_P(WithoutIpv6, ServerThatListensEverywhereServesIpv4) {
  RunningProcess process(server("::"));
  const auto listeners = read_json(process)["listeners"].items();
  ASSERT_EQ(listeners.size(), 1u) << process.finish().err;
  const std::string address = listeners.front().text();

  const Finished done =
      RunningProcess(without_ipv6({"request", "-k", deployment_.kit("site-1").string(), "--to", "server",
                                   "--topic", "t", "--data", "hello", "--set",
                                   "connect_to=tcp://localhost:" + address.substr(address.rfind(':') + 1)}))
          .finish();

  EXPECT_TRUE(address.starts_with("tcp://0.0.0.0:")) << address;
  EXPECT_EQ(done.out, "hello") << done.err;
}

TEST_P(WithoutIpv6, ServerOfAnIpv6AddressSaysWhatIsWrong) {
  expect_refused(RunningProcess(server("::1")).finish(), 4, "cannot listen on tcp://[::1]:0");
}

TEST_P(WithoutIpv6, ClientOfAnIpv6AddressSaysWhatIsWrong) {
  const Finished done = RunningProcess(without_ipv6({"ping", "-k", deployment_.kit("site-1").string(), "--to",
                                                     "server", "--set", "connect_to=tcp://[::1]:8002"}))
                            .finish();

  expect_refused(done, 2, "cannot connect to tcp://[::1]:8002");
}

TEST(WithoutIpv6Default, ProvisionedServerListensOnIpv4) {
  const support::TempDir folder;
  support::write_text(folder.path() / "project.yml", project_of("mtls"));

  const base::Json data =
      data_of(RunningProcess(without_ipv6({"config", "explain", (folder.path() / "project.yml").string(),
                                           "server", "--json"}))
                  .finish());

  EXPECT_EQ(data["participants"].items()[0]["listeners"].items()[0]["host"].text(), "0.0.0.0");
}

}  // namespace
}  // namespace fairlead::integration

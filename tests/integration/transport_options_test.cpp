// Options of transports in a project file, judged by the plugin that will take them.
#include "integration/given_deployment.hpp"

namespace fairlead::integration {
namespace {

constexpr const char* kWrong = R"(api_version: 3
name: options
transports: {tcp: {nodelya: true}, pigeon: {feathers: grey}}
participants:
- {name: server, type: server, org: o, transports: {tcp: {send_buffer: lots}}}
- {name: site-1, type: client, org: o, transports: {tcp: {key: /my/own.key}}}
)";

class TransportOptions : public testing::Test {
 protected:
  std::string file(const std::string& text) const {
    support::write_text(folder_.path() / "project.yml", text);
    return (folder_.path() / "project.yml").string();
  }
  support::TempDir folder_;
};

TEST_F(TransportOptions, AreAllJudgedAtTheirPlaces) {
  const Finished done = fairlead({"config", "check", file(kWrong)});

  EXPECT_EQ(done.code, 4);
  EXPECT_NE(done.err.find("project.yml:3:29: "), std::string::npos) << done.err;
  EXPECT_NE(done.err.find("did you mean nodelay?"), std::string::npos) << done.err;
  EXPECT_NE(done.err.find("project.yml:5:72: option send_buffer: found \"lots\""), std::string::npos)
      << done.err;
  EXPECT_NE(done.err.find("project.yml:6:64: "), std::string::npos) << done.err;
  EXPECT_NE(done.err.find("comes from the kit"), std::string::npos) << done.err;
  EXPECT_EQ(done.err.find("option feathers"), std::string::npos) << done.err;
}

TEST_F(TransportOptions, ThatAreWrongMakeNoKits) {
  const fs::path workspace = folder_.path() / "workspace";

  const Finished done = fairlead({"provision", file(kWrong), "-w", workspace.string(), "--no-passphrase"});

  EXPECT_EQ(done.code, 4);
  EXPECT_FALSE(fs::exists(workspace));
}

TEST_F(TransportOptions, ThatAreRightReachThePlugin) {
  std::string project = project_of("clear");
  project.insert(project.find("participants:"), "transports: {tcp: {nodelay: true, send_buffer: 256KiB}}\n");
  GivenDeployment deployment(project);
  deployment.start_server({"--echo"});

  const Finished done =
      deployment.run("request", "site-1", {"--to", "server", "--topic", "t", "--data", "through"});

  EXPECT_EQ(done.out, "through") << done.err;
}

}  // namespace
}  // namespace fairlead::integration

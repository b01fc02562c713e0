// Plugins that do what they promised not to, in a running node.
#include "build_paths.hpp"
#include "integration/given_deployment.hpp"

namespace fairlead::integration {
namespace {

class PluginFault : public testing::Test {
 protected:
  PluginFault() : deployment_(project_of("clear")) {}
  /// The site takes a plugin of its own that gets stuck in connect().
  void take_stuck_plugin(const std::string& more = {}) const {
    const fs::path plugin = fs::path(FAIRLEAD_BINARY_DIR) / "tests/evil/plugins/evil.so";
    support::write_text(deployment_.kit("site-1") / "local" / "fairlead.yml",
                        "connect_to: evil://127.0.0.1:1\ntransports: {evil: {stuck: true, plugin: \"" +
                            plugin.string() + "\"}}\n" + more);
  }
  std::string kit() const { return deployment_.kit("site-1").string(); }

  GivenDeployment deployment_;
};

TEST_F(PluginFault, N63CallThatNeverReturnsEndsTheProcessAndIsNamed) {
  take_stuck_plugin("plugin_call_limit: 300ms\n");

  const Finished done = fairlead({"client", "-k", kit()});

  EXPECT_EQ(done.code, 5) << done.err;
  EXPECT_NE(done.err.find("plugin.given_up plugin=org.example.evil in=connect"), std::string::npos)
      << done.err;
}

TEST_F(PluginFault, N63CallThatNeverReturnsIsToldLongBeforeItIsGivenUp) {
  take_stuck_plugin();
  const auto client = start_fairlead({"client", "-k", kit()});

  EXPECT_TRUE(client->wait_for_error("plugin.blocked plugin=org.example.evil in=connect"))
      << client->errors();
}

}  // namespace
}  // namespace fairlead::integration

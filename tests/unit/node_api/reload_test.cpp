#include <gtest/gtest.h>

#include <filesystem>
#include <future>

#include "fairlead/node.hpp"
#include "support/given_project.hpp"

namespace fairlead {
namespace {

const std::vector<std::string> kFreePort{"listen.port=0", "listen.host=127.0.0.1"};

/// What `done` of a reload gets: empty when it went well.
std::string reload(Node& node) {
  std::promise<std::string> told;
  node.reload([&](const NodeError* why) { told.set_value(why != nullptr ? why->reason() : ""); });
  return told.get_future().get();
}

TEST(NodeReload, GoesOverToTheKitAsItStands) {
  const support::GivenProject project;
  Server server = Server::open(project.kit("server.example.com"), {.set = kFreePort, .log_level = "off"});

  EXPECT_EQ(reload(server), "");
}

TEST(NodeReload, TellsWhyEverythingStayedAsItWas) {
  const support::GivenProject project;
  Server server = Server::open(project.kit("server.example.com"), {.set = kFreePort, .log_level = "off"});
  std::filesystem::remove(project.kit("server.example.com") / "startup" / "server.key");

  EXPECT_EQ(reload(server), "kit_missing_file");
}

TEST(NodeReload, RefusesTheKitOfAnotherProject) {
  const support::GivenProject project, other;
  const auto kit = project.kit("server.example.com");
  Server server = Server::open(kit, {.set = kFreePort, .log_level = "off"});
  std::filesystem::remove_all(kit / "startup");
  std::filesystem::remove_all(kit / "state");  // what it remembers would refuse it too
  std::filesystem::copy(other.kit("server.example.com") / "startup", kit / "startup");

  EXPECT_EQ(reload(server), "reload_refused");
}

TEST(NodeReloadInC, IsRefusedWithoutANode) {
  EXPECT_EQ(fairlead_node_reload(nullptr, nullptr, nullptr), FAIRLEAD_E_CONFIG);
}

}  // namespace
}  // namespace fairlead

#include <gtest/gtest.h>

#include <thread>

#include "fairlead/node.hpp"
#include "support/given_project.hpp"

namespace fairlead {
namespace {

TEST(ClientOpen, ThrowsWhatIsWrongWithTheKit) {
  try {
    Client::open("/nonexistent/kit");
    FAIL() << "a kit that is not there was opened";
  } catch (const NodeError& error) {
    EXPECT_EQ(error.status(), FAIRLEAD_E_CONFIG);
    EXPECT_EQ(error.exit_code(), 4);
    EXPECT_EQ(error.reason(), "kit_not_found");
  }
}

TEST(ServerPrepare, SaysWhatIsWrongWithoutThrowing) {
  std::optional<NodeError> why;

  EXPECT_FALSE(Server::prepare("/nonexistent/kit", {}, why).has_value());

  EXPECT_EQ(why->code(), uint32_t{FAIRLEAD_NODE_BAD_CONFIGURATION});
}

TEST(EndedNode, IsClosedForOtherThreadsAndNotTheirOwn) {
  const support::GivenProject project;
  std::optional<NodeError> why;
  std::optional<Server> server =
      Server::prepare(project.kit("server.example.com").string(),
                      {.set = {"listen.host=127.0.0.1", "listen.port=0"}, .log_level = "error"}, why);
  ASSERT_TRUE(server.has_value()) << why->text();
  std::thread home([&] {
    server->run({.ready = [&](std::string_view) { server->drain(std::chrono::milliseconds(100)); }});
  });
  home.join();

  EXPECT_FALSE(server->is_home());
  try {
    server->request({.to = "site-1", .topic = "t"});
    FAIL() << "a node that is over took a request";
  } catch (const NodeError& error) {
    EXPECT_EQ(error.reason(), "closed");
  }
}

TEST(Node, HandsOutThePrivacyResourcesOfItsSite) {
  const support::GivenProject project;
  support::write_text(project.kit("site-1") / "local/privacy.json", "{\"default_scope\":\"public\"}");
  std::optional<NodeError> why;

  std::optional<Client> site = Client::prepare(project.kit("site-1").string(), {.log_level = "error"}, why);
  std::optional<Client> other = Client::prepare(project.kit("site-2").string(), {.log_level = "error"}, why);

  ASSERT_TRUE(site && other);
  EXPECT_EQ(site->privacy(), "{\"default_scope\":\"public\"}");
  EXPECT_EQ(other->privacy(), "");
}

TEST(ClientPrepare, RefusesALogLevelThatDoesNotExist) {
  std::optional<NodeError> why;

  Client::prepare("/nonexistent/kit", {.log_level = "loud"}, why);

  EXPECT_EQ(why->code(), uint32_t{FAIRLEAD_NODE_BAD_ARGUMENTS});
}

TEST(ClientOpenInC, RefusesAStructThatIsTooSmall) {
  fairlead_node_options options{};
  options.struct_size = 8;
  fairlead_node* node = nullptr;

  EXPECT_EQ(fairlead_client_open(&options, &node, nullptr), FAIRLEAD_E_CONFIG);
  EXPECT_EQ(node, nullptr);
}

TEST(NodeCloseInC, AllowsNull) { fairlead_node_close(nullptr); }

}  // namespace
}  // namespace fairlead

#include "node/same_node.hpp"

#include <gtest/gtest.h>

#include "node/delegate.hpp"
#include "support/given_project.hpp"
#include "support/live_server.hpp"

namespace fairlead::node {
namespace {

Configured configured(const std::filesystem::path& kit, std::vector<std::string> set = {}) {
  support::CapturingLog log;
  auto made = configure({.kit = kit, .app = {}, .set = std::move(set), .environment = {}}, log);
  if (!made) {
    ADD_FAILURE() << made.error().line();
    std::abort();
  }
  return std::move(*made);
}

/// The project with one of its texts replaced.
std::string with(std::string_view from, std::string_view to) {
  std::string yaml(support::kSmallProject);
  return yaml.replace(yaml.find(from), from.size(), to);
}

/// What differs, as the refusal says it; empty without a refusal.
std::string difference(const Configured& running, const Configured& fresh) {
  const base::Status same = check_same_node(running, fresh);
  if (same) return {};
  EXPECT_EQ(same.error().code, base::ErrorCode::refused);
  EXPECT_EQ(same.error().reason, "reload_refused");
  EXPECT_NE(same.error().hint, "");
  const std::string start = "the kit has ";
  return same.error().text.substr(start.size(), same.error().text.find('"') - start.size() - 1);
}

TEST(SameNode, AcceptsAnotherVersionOfTheSameKit) {
  support::GivenProject project;
  const Configured server = configured(project.kit("server.example.com"));
  const Configured site = configured(project.kit("site-1"));

  project.provision(with("org: north", "org: east"));
  project.provision(with("[localhost, 127.0.0.1]", "[localhost]"));

  EXPECT_EQ(difference(server, configured(project.kit("server.example.com"))), "");
  EXPECT_EQ(difference(site, configured(project.kit("site-1"))), "");
}

TEST(SameNode, RefusesAnotherProject) {
  const support::GivenProject one, other(with("name: demo", "name: other"));

  EXPECT_EQ(difference(configured(one.kit("site-1")), configured(other.kit("site-1"))), "project");
}

TEST(SameNode, RefusesADelegationForAnotherEndpoint) {
  const support::GivenProject project(with("name: demo", "name: demo\nconnection_security: tls"));
  const base::SystemClock clock;
  base::SystemRandom random;
  const auto delegated = [&](const char* endpoint, const char* folder) {
    const kit::DelegationOrder order{endpoint, {"t"}, std::chrono::hours(1), {}, project.folder() / folder};
    EXPECT_TRUE(delegate(project.kit("site-1"), order, clock, random));
    return configured(order.folder);
  };
  const Configured running = delegated("site-1/a", "first");

  EXPECT_EQ(difference(running, delegated("site-1/a", "renewed")), "");
  EXPECT_EQ(difference(running, delegated("site-1/b", "other")), "delegated endpoint");
  EXPECT_EQ(difference(running, configured(project.kit("site-1"))), "delegated endpoint");
}

TEST(SameNode, RefusesAnotherParticipant) {
  const support::GivenProject project;

  EXPECT_EQ(difference(configured(project.kit("site-1")), configured(project.kit("site-2"))), "participant");
}

TEST(SameNode, RefusesAnotherType) {
  const support::GivenProject one,
      other(with("name: site-1\n    type: client", "name: site-1\n    type: service"));

  EXPECT_EQ(difference(configured(one.kit("site-1")), configured(other.kit("site-1"))), "type");
}

TEST(SameNode, RefusesAnotherRoot) {
  const support::GivenProject one, other;

  EXPECT_EQ(difference(configured(one.kit("site-1")), configured(other.kit("site-1"))), "root");
}

TEST(SameNode, RefusesAnotherServer) {
  support::GivenProject project;
  const Configured before = configured(project.kit("site-1"));
  project.provision(with("name: server.example.com", "name: hub.example.com"));

  EXPECT_EQ(difference(before, configured(project.kit("site-1"))), "server");
}

TEST(SameNode, RefusesOtherListeners) {
  const support::GivenProject project;
  const auto kit = project.kit("server.example.com");

  EXPECT_EQ(difference(configured(kit), configured(kit, {"listen.port=9000"})), "listeners");
}

TEST(SameNode, RefusesAnotherConnectionSecurity) {
  support::GivenProject project;
  const Configured before = configured(project.kit("site-1"));
  project.provision(with("org: north", "org: north\n    connection_security: tls"));

  EXPECT_EQ(difference(before, configured(project.kit("site-1"))), "connection_security");
}

TEST(SameNode, LetsAClientConnectElsewhere) {
  const support::GivenProject project;
  const auto kit = project.kit("site-1");

  EXPECT_EQ(difference(configured(kit), configured(kit, {"connect_to=tcp://localhost:1"})), "");
}

}  // namespace
}  // namespace fairlead::node

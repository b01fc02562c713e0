#include "kit/kit.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <map>

#include "support/given_project.hpp"

namespace fairlead::kit {
namespace {

using support::GivenProject;

TEST(Kit, OpensTheServersKit) {
  const GivenProject project;

  const auto kit = Kit::open(project.kit("server.example.com"));

  ASSERT_TRUE(kit.has_value()) << kit.error().line();
  EXPECT_EQ(kit->settings().type, base::ParticipantType::server);
  EXPECT_EQ(kit->settings().server_uri, "fairlead://demo/server/server.example.com");
  ASSERT_EQ(kit->settings().listeners.size(), 1u);
  EXPECT_EQ(kit->settings().listeners[0].port, 8002);
  EXPECT_FALSE(kit->settings().connect_to.has_value());
  ASSERT_NE(kit->token_key(), nullptr);
  ASSERT_NE(kit->token_certificate(), nullptr);
}

TEST(Kit, OpensEveryOtherParticipantsKit) {
  const GivenProject project;

  for (const char* name : {"site-1", "site-2", "service-1", "admin@example.com"}) {
    const auto kit = Kit::open(project.kit(name));

    ASSERT_TRUE(kit.has_value()) << kit.error().line();
    EXPECT_EQ(kit->settings().name, name);
    EXPECT_EQ(kit->settings().server_name, "server.example.com");
    ASSERT_TRUE(kit->settings().connect_to.has_value());
    EXPECT_EQ(kit->settings().connect_to->host, "server.example.com");
    EXPECT_EQ(kit->token_key(), nullptr);
  }
}

TEST(Kit, HandsOutKeyAndCertificateThatBelongTogether) {
  const GivenProject project;

  const auto kit = Kit::open(project.kit("site-1"));

  ASSERT_TRUE(kit.has_value());
  EXPECT_EQ(kit->leaf().public_key()->spki(), kit->key().public_key().spki());
  EXPECT_EQ(kit->leaf().uri_names(), std::vector<std::string>{"fairlead://demo/client/site-1"});
  EXPECT_EQ(base::as_text(kit->key_pem().expose()), support::read_text(kit->path() / "startup/client.key"));
  EXPECT_EQ(kit->chain_pem(), kit->leaf().to_pem());
}

TEST(Kit, AllowsWeakerOverridesOnlyToWhomTheProjectSays) {
  std::string yaml(support::kSmallProject);
  yaml.insert(yaml.find("participants:"), "message_security: seal\nweaker_overrides: allowed\n");
  const GivenProject strict, generous(yaml);

  const auto refusing = Kit::open(strict.kit("site-1"));
  const auto allowing = Kit::open(generous.kit("site-1"));

  ASSERT_TRUE(refusing && allowing);
  EXPECT_EQ(refusing->settings().weaker_overrides, config::WeakerOverrides::refused);
  EXPECT_EQ(allowing->settings().weaker_overrides, config::WeakerOverrides::allowed);
  EXPECT_EQ(resolved_participant(*allowing).weaker_overrides.origin, config::Origin::project);
}

TEST(Kit, KeepsTheAdminsRole) {
  const GivenProject project;

  const auto kit = Kit::open(project.kit("admin@example.com"));

  ASSERT_TRUE(kit.has_value());
  EXPECT_EQ(kit->settings().role, "project_admin");
  EXPECT_EQ(kit->leaf().unstructured_name(), "project_admin");
}

TEST(Kit, AllowsTheShippedTransports) {
  const GivenProject project;

  const auto kit = Kit::open(project.kit("site-1"));

  ASSERT_TRUE(kit.has_value());
  std::map<std::string, bool> trusted;
  for (const AllowedPlugin& one : kit->settings().plugins) {
    EXPECT_EQ(one.abi, 1u) << one.id;
    EXPECT_EQ(one.sha256, "") << one.id;
    trusted[one.id] = one.trusted_link;
  }
  EXPECT_EQ(trusted, (std::map<std::string, bool>{{"org.example.unix", false},
                                                  {"org.fairlead.exec", false},
                                                  {"org.fairlead.tcp-tls", true},
                                                  {"org.fairlead.zmq-curve", true}}));
}

TEST(Kit, MakesItsStateFolderForTheOwnerOnly) {
  const GivenProject project;
  const auto kit = Kit::open(project.kit("site-1"), VersionMemory::only_check);
  ASSERT_TRUE(kit.has_value());

  const auto state = kit->state_dir();

  ASSERT_TRUE(state.has_value());
  struct stat facts {};
  ASSERT_EQ(::stat(state->c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0700u);
}

TEST(Kit, ExpiresWithItsEarliestCertificate) {
  const GivenProject project;

  const auto kit = Kit::open(project.kit("admin@example.com"));

  ASSERT_TRUE(kit.has_value());
  EXPECT_EQ(kit->expires(), kit->leaf().not_after());
  EXPECT_LT(kit->expires(), kit->root().not_after());
}

TEST(Kit, GivesTheResolvedParticipantWithItsOrigins) {
  std::string yaml(support::kSmallProject);
  yaml.insert(yaml.find("participants:"), "connection_security: tls\n");
  const GivenProject project(yaml);
  const auto kit = Kit::open(project.kit("site-1"));
  ASSERT_TRUE(kit.has_value());

  const config::ResolvedParticipant participant = resolved_participant(*kit);

  EXPECT_EQ(participant.connection_security.value, base::ConnectionSecurity::tls);
  EXPECT_EQ(participant.connection_security.origin, config::Origin::project);
  EXPECT_NE(participant.connection_security.at.find("project.yml:3"), std::string::npos);
  EXPECT_EQ(participant.connect_to.origin, config::Origin::default_value);
  EXPECT_EQ(config::text(participant.connect_to.value), "tcp://server.example.com:8002");
}

TEST(Kit, IsNotFoundWhereThereIsNone) {
  const support::TempDir folder;

  const auto kit = Kit::open(folder.path());

  ASSERT_FALSE(kit.has_value());
  EXPECT_EQ(kit.error().reason, "kit_not_found");
  EXPECT_EQ(base::exit_code(kit.error().code), 4);
}

}  // namespace
}  // namespace fairlead::kit

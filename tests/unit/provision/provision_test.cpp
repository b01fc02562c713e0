#include "provision/provision.hpp"

#include <gmock/gmock.h>

#include "kit/kit.hpp"
#include "scenarios.hpp"

namespace fairlead::support {
namespace {

namespace fs = std::filesystem;
using provision::KitChange;
using testing::Contains;
using testing::HasSubstr;
using testing::Key;
using testing::Not;

std::vector<std::string> names_in(const std::map<std::string, std::string>& files) {
  std::vector<std::string> names;
  names.reserve(files.size());
  for (const auto& [name, content] : files) names.push_back(name);
  return names;
}

TEST(Provision, MakesExactlyTheFilesOfAServersKit) {
  const GivenProject project;

  const auto names = names_in(files_below(project.kit("server.example.com")));

  EXPECT_EQ(names,
            (std::vector<std::string>{"local/fairlead.yml", "local/privacy.json.sample",
                                      "startup/fairlead.json", "startup/manifest.json",
                                      "startup/manifest.sig", "startup/rootCA.pem", "startup/server.crt",
                                      "startup/server.key", "startup/token.crt", "startup/token.key"}));
}

TEST(Provision, MakesExactlyTheFilesOfAClientsKit) {
  const GivenProject project;

  const auto names = names_in(files_below(project.kit("site-1")));

  EXPECT_EQ(names,
            (std::vector<std::string>{"local/fairlead.yml", "local/privacy.json.sample", "startup/client.crt",
                                      "startup/client.key", "startup/fairlead.json", "startup/manifest.json",
                                      "startup/manifest.sig", "startup/rootCA.pem"}));
}

TEST(Provision, PutsKitsUnderTheProjectsName) {
  const GivenProject project;

  EXPECT_EQ(project.kit("site-1"), project.workspace() / "demo/prod_00/site-1");
  EXPECT_EQ(project.report().made, project.workspace() / "demo/prod_00");
  EXPECT_EQ(project.report().kits.size(), 5u);
  EXPECT_EQ(project.report().root_sha256.size(), 64u);
}

TEST(Provision, GivesNobodyElseAccess) {
  const GivenProject project;

  for (const auto& [name, content] : files_below(project.workspace() / "demo")) {
    const bool is_private = name.ends_with(".key") || name.ends_with(".lock");
    if (!is_private) continue;
    EXPECT_EQ(mode_of(project.workspace() / "demo" / name), 0600u) << name;
  }
  for (const char* folder :
       {"demo", "demo/state", "demo/prod_00", "demo/prod_00/site-1", "demo/prod_00/site-1/startup",
        "demo/prod_00/site-1/local", "demo/prod_00/site-1/transfer"})
    EXPECT_EQ(mode_of(project.workspace() / folder), 0700u) << folder;
  EXPECT_EQ(mode_of(project.kit("site-1") / "startup/fairlead.json"), 0644u);
}

TEST(Provision, WritesPrivateKeysIntoKeyFilesOnly) {
  const GivenProject project;
  const auto files = files_below(project.workspace());
  std::vector<std::string> key_lines;
  for (const auto& [name, content] : files)
    if (name.ends_with(".key")) key_lines.push_back(content.substr(content.find('\n') + 1, 60));
  ASSERT_EQ(key_lines.size(), 7u);

  for (const auto& [name, content] : files) {
    if (name.ends_with(".key")) continue;
    EXPECT_THAT(content, Not(HasSubstr("PRIVATE KEY"))) << name;
    for (const std::string& line : key_lines) EXPECT_THAT(content, Not(HasSubstr(line))) << name;
  }
}

TEST(Provision, PutsEveryNameOfTheServerIntoItsCertificate) {
  const GivenProject project;

  const auto kit = kit::Kit::open(project.kit("server.example.com"));

  ASSERT_TRUE(kit.has_value());
  EXPECT_THAT(kit->leaf().dns_names(), testing::UnorderedElementsAre("localhost", "server.example.com"));
  EXPECT_THAT(kit->leaf().ip_addresses(), testing::ElementsAre("127.0.0.1"));
}

TEST(Provision, GivesCertificatesTheirLives) {
  const StoppedClock clock;
  const GivenProject project(kSmallProject, clock);

  const auto client = kit::Kit::open(project.kit("site-1"));
  const auto admin = kit::Kit::open(project.kit("admin@example.com"));

  ASSERT_TRUE(client.has_value() && admin.has_value());
  EXPECT_EQ(client->leaf().not_before(), clock.now - std::chrono::minutes(10));
  EXPECT_EQ(client->leaf().not_after(), clock.now + std::chrono::days(398));
  EXPECT_EQ(admin->leaf().not_after(), clock.now + std::chrono::days(90));
  EXPECT_GE(client->root().not_after(), clock.now + std::chrono::days(3650));
}

TEST(Provision, TakesKeyTypeAndDaysFromTheOptions) {
  const StoppedClock clock;
  GivenProject project(kSmallProject, clock);
  provision::ProvisionOptions options;
  options.workspace = project.folder() / "second";
  options.key_type = crypto::KeyType::ed25519;
  options.days = std::chrono::days(7);

  ASSERT_TRUE(project.try_provision(kSmallProject, options).has_value());

  const auto kit = kit::Kit::open(project.kit("site-1"));
  ASSERT_TRUE(kit.has_value());
  EXPECT_EQ(kit->key().type(), crypto::KeyType::ed25519);
  EXPECT_EQ(kit->leaf().not_after(), clock.now + std::chrono::days(7));
}

TEST(Provision, RefusesDaysOutOfRange) {
  GivenProject project;
  for (const int days : {0, 3651}) {
    provision::ProvisionOptions options;
    options.days = std::chrono::days(days);

    const auto report = project.try_provision(kSmallProject, options);

    ASSERT_FALSE(report.has_value());
    EXPECT_EQ(base::exit_code(report.error().code), 4);
  }
}

TEST(Provision, DryRunWritesNothing) {
  GivenProject project;
  const auto before = files_below(project.workspace());
  provision::ProvisionOptions options;
  options.mode = provision::RunMode::dry_run;

  const auto report = project.try_provision(with_another_client(), options);

  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->made, project.workspace() / "demo/prod_01");
  EXPECT_EQ(report->kits[0].change, KitChange::created);
  EXPECT_EQ(files_below(project.workspace()), before);
}

TEST(Provision, DryRunOfANewProjectMakesNoWorkspace) {
  GivenProject project;
  provision::ProvisionOptions options;
  options.mode = provision::RunMode::dry_run;
  options.workspace = project.folder() / "untouched";

  const auto report = project.try_provision(kSmallProject, options);

  ASSERT_TRUE(report.has_value()) << report.error().line();
  EXPECT_EQ(mode_of(options.workspace), 0u);
}

TEST(Provision, ExplainsEveryLocalSettingAllCommentedOut) {
  const GivenProject project;

  const std::string server = read_text(project.kit("server.example.com") / "local/fairlead.yml");
  const std::string client = read_text(project.kit("site-1") / "local/fairlead.yml");

  for (const char* key : {"message_security", "level", "format", "connect_timeout", "handshake_timeout",
                          "login_timeout", "first_byte_timeout", "heartbeat_interval"}) {
    EXPECT_THAT(server, HasSubstr(key));
    EXPECT_THAT(client, HasSubstr(key));
  }
  EXPECT_THAT(server, HasSubstr("#listen:"));
  EXPECT_THAT(server, HasSubstr("#memory_limit:"));
  EXPECT_THAT(client, HasSubstr("#connect_to:"));
  EXPECT_THAT("\n" + server + client, Not(testing::ContainsRegex("\n[^#\n]")));
}

TEST(Provision, RefusesNamesThatAreNoDirectories) {
  GivenProject project;
  for (const char* name : {"..", "."}) {
    const auto report = project.try_provision(with("site-1", "\"" + std::string(name) + "\""));

    ASSERT_FALSE(report.has_value()) << name;
    EXPECT_EQ(base::exit_code(report.error().code), 4);
  }
}

TEST(Provision, RefusesAProjectNamedLikeTheParentDirectory) {
  GivenProject project;

  const auto report = project.try_provision(with("name: demo", "name: \"..\""));

  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(base::exit_code(report.error().code), 4);
}

}  // namespace
}  // namespace fairlead::support

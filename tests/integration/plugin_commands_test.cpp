// fairlead plugin describe and check, and the thirteen reasons why a plugin is not used.
#include <sys/stat.h>

#include "build_paths.hpp"
#include "integration/given_deployment.hpp"
#include "support/given_project.hpp"

namespace fairlead::integration {
namespace {

fs::path fixture(const std::string& name) {
  return fs::path(FAIRLEAD_BINARY_DIR) / "tests" / "fixtures" / (name + ".so");
}

struct Refused {
  const char *reason, *file, *found, *remedy;
};
class PluginRefused : public testing::TestWithParam<Refused> {};

/// One line in the log with the reason, one for the user with what was found and what to do, exit code 4.
void expect_plugin_refused(const Finished& done, const Refused& expected) {
  EXPECT_EQ(done.code, 4) << done.err;
  EXPECT_EQ(done.out, "");
  EXPECT_NE(done.err.find(std::string("plugin.refused why=") + expected.reason), std::string::npos)
      << done.err;
  EXPECT_NE(done.err.find(expected.found), std::string::npos) << done.err;
  EXPECT_NE(done.err.find(std::string("; ") + expected.remedy), std::string::npos) << done.err;
}

TEST_P(PluginRefused, ByTheCheckCommand) {
  const Finished done = fairlead({"plugin", "check", fixture(GetParam().file).string()});

  expect_plugin_refused(done, GetParam());
}
INSTANTIATE_TEST_SUITE_P(
    Fixtures, PluginRefused,
    testing::Values(Refused{"NOT_FOUND", "nobody_built_this", "nobody_built_this.so", "check the path"},
                    Refused{"NOT_A_TRANSPORT", "not_a_transport", "fairlead_transport_v1", ""},
                    Refused{"OTHER_MAJOR", "other_major", "fairlead_transport_v2", ""},
                    Refused{"BAD_MAGIC", "bad_magic", "magic", ""},
                    Refused{"SHORT_TABLE", "short_table", "bytes", ""},
                    Refused{"NEEDS_NEWER_KERNEL", "needs_newer_kernel", "1.1", ""},
                    Refused{"MISSING_SLOT", "missing_slot", "release", "ask its author"},
                    Refused{"BAD_DESCRIPTOR", "bad_descriptor", "\"Whole\"", ""}),
    [](const auto& one) { return one.param.reason; });

class PluginFile : public testing::Test {
 protected:
  PluginFile() { fs::copy_file(fixture("whole"), file()); }
  fs::path file() const { return folder_.path() / "a plugin.so"; }
  Finished check() const { return fairlead({"plugin", "check", file().string()}); }

  support::TempDir folder_;
};

TEST_F(PluginFile, ThatOthersMayChangeIsRefused) {
  ::chmod(file().c_str(), 0666);

  expect_plugin_refused(check(), {"UNSAFE_PERMISSIONS", "", "a plugin.so", "remove that right: chmod"});
}

TEST_F(PluginFile, ThatWasTruncatedIsRefused) {
  fs::resize_file(file(), fs::file_size(file()) / 2);

  expect_plugin_refused(check(), {"NOT_ELF", "", "truncated", "install it again"});
}

/// A server whose site brings plugins of its own: `listeners` of its project, `lines` of its local file.
Finished start_with_own(const std::string& listeners, const std::string& lines) {
  const GivenDeployment deployment(
      "api_version: 3\nname: own\nconnection_security: clear\nparticipants:\n"
      "- {name: server, type: server, org: o, listeners: [" +
      listeners + "]}\n- {name: site-1, type: client, org: o}\n");
  support::write_text(deployment.kit("server") / "local" / "fairlead.yml", "transports:\n" + lines);
  return fairlead({"server", "-k", deployment.kit("server").string()});
}

TEST(OwnPlugins, TwoThatServeOneSchemeAreRefused) {
  const Finished done =
      start_with_own("{port: 1, scheme: whole}, {port: 2, scheme: second}",
                     "  whole: {plugin: \"" + fixture("whole").string() + "\"}\n  second: {plugin: \"" +
                         fixture("two_schemes").string() + "\"}\n");

  EXPECT_EQ(done.code, 4) << done.err;
  EXPECT_NE(
      done.err.find("plugins org.example.whole and org.example.two-schemes both serve whole://; remove one"),
      std::string::npos)
      << done.err;
}

TEST(OwnPlugins, OneOfAnotherDigestIsRefused) {
  const Finished done =
      start_with_own("{port: 1, scheme: whole}", "  whole: {plugin: \"" + fixture("whole").string() +
                                                     "\", sha256: \"" + std::string(64, '0') + "\"}\n");

  expect_plugin_refused(done,
                        {"DIGEST_MISMATCH", "", "expected 0000", "install the plugin that the kit names"});
}

TEST(OwnPlugins, OneThatRefusesItsOptionsIsRefused) {
  const Finished done = start_with_own("{port: 1, scheme: whole}",
                                       "  whole: {plugin: \"" + fixture("create_failed").string() + "\"}\n");

  EXPECT_EQ(done.code, 4) << done.err;
  EXPECT_NE(done.err.find("option depth is never right"), std::string::npos) << done.err;
}

TEST(PluginDescribe, TellsAbilitiesAndOptionsOfAShippedOne) {
  const base::Json data = data_of(fairlead({"plugin", "describe", "exec", "--json"}));

  EXPECT_EQ(data["id"].text(), "org.fairlead.exec");
  EXPECT_FALSE(data["trusted_link"].boolean(true));
  ASSERT_EQ(data["options"].items().size(), 1u);
  const base::Json option = data["options"].items().front();
  EXPECT_EQ(option["name"].text(), "command");
  EXPECT_EQ(option["set_by"].text(), "site");
  EXPECT_TRUE(option["required"].boolean());
}

TEST(PluginDescribe, ShowsRangesInTheUnitsThatPeopleWrite) {
  const Finished done = fairlead({"plugin", "describe", "tcp"});

  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_NE(done.out.find("org.fairlead.tcp-tls"), std::string::npos) << done.out;
  EXPECT_NE(done.out.find("trusted link  yes"), std::string::npos) << done.out;
}

TEST(PluginDescribe, SchemeThatNobodyServesIsRefused) {
  expect_refused(fairlead({"plugin", "describe", "pigeon", "--log-level", "off"}), 4, "no plugin in");
}

TEST(OptionsOfTheSite, CommandInAProjectFileIsRefused) {
  support::TempDir folder;
  std::string project = project_of("clear");
  project += "transports: {exec: {command: \"rm -rf /\"}}\n";
  support::write_text(folder.path() / "project.yml", project);

  const Finished done = fairlead({"config", "check", (folder.path() / "project.yml").string()});

  expect_refused(done, 4, "option command: only the site itself may set it");
}

/// Whoever makes kits may not go through the program that checks project files.
TEST(OptionsOfTheSite, CommandInASignedKitIsRefused) {
  const support::GivenProject project(
      "api_version: 3\nname: forged\nconnection_security: clear\nparticipants:\n"
      "- {name: server, type: server, org: o}\n"
      "- {name: site-1, type: client, org: o, scheme: exec, transports: {exec: {command: /usr/bin/id}}}\n");

  const Finished done = fairlead({"client", "-k", project.kit("site-1").string(), "--log-level", "off"});

  expect_refused(done, 4, "option command: only the site itself may set it");
}

}  // namespace
}  // namespace fairlead::integration

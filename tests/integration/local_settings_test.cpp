// What a site lays over its kit, with real processes: N55, a server that moved, privacy resources.
#include "integration/given_deployment.hpp"

namespace fairlead::integration {
namespace {

std::string with(const std::string& lines, std::string project = project_of("clear")) {
  return project.insert(project.find("participants:"), lines);
}

void write_local(const GivenDeployment& deployment, const std::string& name, const std::string& text) {
  support::write_text(deployment.kit(name) / "local" / "fairlead.yml", text);
}

TEST(LocalSettings, N55WeakerThanTheKitDoNotStartAndNameTheLine) {
  const GivenDeployment deployment(with("message_security: seal\n"));
  write_local(deployment, "site-1", "# this site\nmessage_security: mac\n");

  const Finished done = fairlead({"client", "-k", deployment.kit("site-1").string()});

  expect_refused(done, 4, "message_security mac is weaker than seal");
  EXPECT_NE(done.err.find("local/fairlead.yml:2"), std::string::npos) << done.err;
}

TEST(LocalSettings, WeakerOnesStartWithAWarningWhenTheKitAllowsThem) {
  GivenDeployment deployment(with("message_security: seal\nweaker_overrides: allowed\n", project_of("mtls")));
  write_local(deployment, "site-1", "message_security: auto\n");
  deployment.start_server({"--echo"});

  const Finished done = deployment.run(
      "request", "site-1", {"--to", "server", "--topic", "t", "--data", "x", "--log-level", "warning"});

  EXPECT_EQ(done.out, "x") << done.err;
  EXPECT_NE(done.err.find("message_security auto is weaker than seal"), std::string::npos) << done.err;
}

TEST(LocalSettings, AServerThatMovedNeedsNoNewKits) {
  GivenDeployment deployment(project_of("mtls"));
  deployment.start_server({"--echo"});
  write_local(deployment, "site-1", "connect_to: 127.0.0.1:" + deployment.port() + "\n");

  const Finished done = fairlead({"request", "-k", deployment.kit("site-1").string(), "--to", "server",
                                  "--topic", "t", "--data", "found"});

  EXPECT_EQ(done.out, "found") << done.err;
}

TEST(LocalSettings, AreCheckedWithEveryMistakeAtOnce) {
  const GivenDeployment deployment(project_of("clear"));
  write_local(deployment, "site-1", "log.levle: debug\n\nconect_to: a\n");
  const std::string kit = deployment.kit("site-1").string();

  for (const char* command : {"check", "explain"}) {
    const Finished done = fairlead({"config", command, kit});

    EXPECT_EQ(done.code, 4);
    EXPECT_EQ(done.out, "");
    EXPECT_TRUE(done.err.starts_with(kit + "/local/fairlead.yml:1:1: unknown setting \"log.levle\""))
        << done.err;
    EXPECT_NE(done.err.find("\n" + kit + "/local/fairlead.yml:3:1: unknown setting \"conect_to\""),
              std::string::npos)
        << done.err;
  }
}

constexpr const char* kPrinted = "file=/usr/bin/printenv FAIRLEAD_PRIVACY_FILE";

TEST(PrivacyResources, AreNamedToTheSitesPrograms) {
  GivenDeployment deployment(project_of("clear"));
  const fs::path file = deployment.kit("site-1") / "local" / "privacy.json";
  support::write_text(file, "{\"default_scope\": \"public\"}");
  deployment.start_server();
  const auto site = deployment.start_client("site-1", {"--on", kPrinted});

  const Finished done =
      deployment.run("request", "site-2", {"--to", "site-1", "--topic", "file", "--data", ""});

  EXPECT_EQ(done.out, file.string() + "\n") << done.err;
}

TEST(PrivacyResources, AreLeftOutWithoutSecureTrain) {
  GivenDeployment deployment(with("secure_train: false\n", project_of("clear")));
  support::write_text(deployment.kit("site-1") / "local" / "privacy.json", "{\"default_scope\": \"public\"}");
  deployment.start_server();
  const auto site = deployment.start_client("site-1", {"--on", kPrinted});

  const Finished done =
      deployment.run("request", "site-2", {"--to", "site-1", "--topic", "file", "--data", ""});

  EXPECT_EQ(done.code, 1);  // printenv knows no such variable
  EXPECT_EQ(done.out, "");
}

TEST(PrivacyResources, ThatCannotBeReadKeepTheSiteFromStarting) {
  const GivenDeployment deployment(project_of("clear"));
  support::write_text(deployment.kit("site-1") / "local" / "privacy.json", "{\"default_scope\": ");

  const Finished done = fairlead({"client", "-k", deployment.kit("site-1").string()});

  expect_refused(done, 4, "privacy.json");
}

}  // namespace
}  // namespace fairlead::integration

// A first project file: made once, never over another, right as it is.
#include "integration/given_deployment.hpp"

namespace fairlead::integration {
namespace {

std::string text_of(const fs::path& file) { return support::read_text(file); }

TEST(Init, MakesAProjectThatIsFineAndProvisions) {
  const support::TempDir folder;
  const std::string file = (folder.path() / "fleet.yml").string();

  const Finished made = fairlead({"init", "-o", file, "--name", "fleet"});

  ASSERT_EQ(made.code, 0) << made.err;
  EXPECT_EQ(made.out, "");
  const Finished checked = fairlead({"config", "check", file});
  EXPECT_EQ(checked.code, 0) << checked.err;
  const Finished provisioned =
      fairlead({"provision", file, "-w", (folder.path() / "w").string(), "--no-passphrase", "--json"});
  EXPECT_EQ(data_of(provisioned)["kits"].items().size(), 4u) << provisioned.err;
}

TEST(Init, UsesProjectYmlOfTheWorkingDirectory) {
  const support::TempDir folder;
  RunningProcess process({program().string(), "init"}, {.folder = folder.path().string()});

  EXPECT_EQ(process.finish().code, 0);

  EXPECT_TRUE(text_of(folder.path() / "project.yml").find("\nname: my_project\n") != std::string::npos);
}

TEST(Init, NeverWritesOverAFile) {
  const support::TempDir folder;
  const std::string file = (folder.path() / "mine.yml").string();
  support::write_text(file, "mine\n");

  expect_refused(fairlead({"init", "-o", file}), 1, "it exists, and is left as it is");

  EXPECT_EQ(text_of(file), "mine\n");
}

TEST(Init, NeverWritesThroughALink) {
  const support::TempDir folder;
  const fs::path link = folder.path() / "link.yml";
  fs::create_symlink(folder.path() / "elsewhere.yml", link);

  expect_refused(fairlead({"init", "-o", link.string()}), 1, "it exists, and is left as it is");

  EXPECT_FALSE(fs::exists(folder.path() / "elsewhere.yml"));
}

TEST(Init, SaysWhenTheFolderIsNotThere) {
  expect_refused(fairlead({"init", "-o", "/nonexistent/project.yml"}), 1, "cannot create");
}

TEST(Init, PrintsOnRequest) {
  const Finished printed = fairlead({"init", "-o", "-", "--name", "fleet"});

  EXPECT_EQ(printed.code, 0);
  EXPECT_TRUE(printed.out.find("\nname: \"fleet\"\n") != std::string::npos);
  EXPECT_EQ(data_of(fairlead({"init", "-o", "-", "--name", "fleet", "--json"}))["text"].text(), printed.out);
}

TEST(Init, RefusesNamesThatNoProjectCanHave) {
  for (const char* name : {"", ".", "..", "a b", "a/b"})
    expect_refused(fairlead({"init", "-o", "-", "--name", name}), 4, "cannot be the name of a project");
}

}  // namespace
}  // namespace fairlead::integration

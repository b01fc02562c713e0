// What lies in a workspace is the user's own: no links, nobody else who can write.
#include "provision/own_folder.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "provision/revoke.hpp"
#include "scenarios.hpp"

namespace fairlead::support {
namespace {

namespace fs = std::filesystem;
using provision::check_own_folder;
using provision::OwnLink;
using testing::HasSubstr;

/// One place of a workspace, relative to it.
class EachPlace : public testing::TestWithParam<const char*> {
 protected:
  fs::path place() const { return project_.workspace() / GetParam(); }
  /// Moves the place away and puts a link to it there.
  void plant_link() {
    fs::rename(place(), project_.folder() / "moved");
    fs::create_directory_symlink(project_.folder() / "moved", place());
  }
  void expect_refused(const char* reason) {
    for (const auto mode : {provision::RunMode::write, provision::RunMode::dry_run}) {
      provision::ProvisionOptions options;
      options.mode = mode;
      const auto report = project_.try_provision(with_another_client(), options);
      ASSERT_FALSE(report.has_value());
      EXPECT_EQ(report.error().reason, reason) << report.error().line();
      EXPECT_EQ(base::exit_code(report.error().code), 4);
      EXPECT_THAT(report.error().origin, HasSubstr(place().string()));
    }
  }

  GivenProject project_;
};
std::string place_name(const testing::TestParamInfo<const char*>& place) {
  std::string name = place.param;
  std::ranges::replace_if(
      name, [](char c) { return c == '/' || c == '-'; }, '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Workspace, EachPlace,
                         testing::Values("demo", "demo/state", "demo/prod_00", "demo/prod_00/site-1"),
                         place_name);

TEST_P(EachPlace, IsNeverALink) {
  plant_link();

  expect_refused("workspace_symlink");
}

TEST_P(EachPlace, MayNotBeWritableForAGroup) {
  ::chmod(place().c_str(), 0770);

  expect_refused("workspace_unsafe_mode");
}

TEST(OwnFolder, IsAskedForByRevocationsToo) {
  const GivenProject project;
  const fs::path state = project.workspace() / "demo/state";
  ::chmod(state.c_str(), 0770);

  const auto report =
      provision::revoke({.workspace = project.workspace(), .name = "site-1"}, base::SystemClock());

  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().reason, "workspace_unsafe_mode");
  EXPECT_THAT(report.error().hint, HasSubstr("chmod go-w " + state.string()));
}

TEST(OwnFolder, SaysWhichChmodToType) {
  const TempDir folder;
  ::chmod(folder.path().c_str(), 0775);

  const auto checked = check_own_folder(folder.path());

  ASSERT_FALSE(checked.has_value());
  EXPECT_EQ(checked.error().hint, "type: chmod go-w " + folder.path().string());
}

TEST(OwnFolder, MayBeReadByOthers) {
  const TempDir folder;
  ::chmod(folder.path().c_str(), 0755);

  EXPECT_TRUE(check_own_folder(folder.path()).has_value());
}

TEST(OwnFolder, IsNotOneThatEverybodyShares) {
  const TempDir folder;
  ::chmod(folder.path().c_str(), 01777);

  const auto checked = check_own_folder(folder.path(), OwnLink::allowed);

  ASSERT_FALSE(checked.has_value());
  EXPECT_THAT(checked.error().hint, HasSubstr("name a folder of your own"));
}

TEST(OwnFolder, MayBeNamedThroughAnOwnLink) {
  const TempDir folder;
  fs::create_directory(folder.path() / "real");
  ::chmod((folder.path() / "real").c_str(), 0700);
  fs::create_directory_symlink("real", folder.path() / "link");

  EXPECT_TRUE(check_own_folder(folder.path() / "link", OwnLink::allowed).has_value());
  EXPECT_EQ(check_own_folder(folder.path() / "link").error().reason, "workspace_symlink");
}

TEST(OwnFolder, NeedNotBeThere) {
  const TempDir folder;

  EXPECT_TRUE(check_own_folder(folder.path() / "new").has_value());
}

TEST(OwnFolder, IsNoFile) {
  const TempDir folder;
  write_text(folder.path() / "file", "x");

  EXPECT_EQ(check_own_folder(folder.path() / "file").error().reason, "workspace_not_folder");
}

/// Of another user than the one who runs this test.
fs::path foreign_folder(const TempDir& folder) {
  return ::chown(folder.path().c_str(), 12345, 0) == 0 ? folder.path() : fs::path("/");
}

TEST(OwnFolder, BelongsToWhoRunsTheProgram) {
  const TempDir folder;

  const auto checked = check_own_folder(foreign_folder(folder));

  ASSERT_FALSE(checked.has_value());
  EXPECT_EQ(checked.error().reason, "workspace_wrong_owner");
  EXPECT_THAT(checked.error().hint, HasSubstr("chown"));
}

TEST(OwnFiles, ALinkInPlaceOfTheLockIsNotFollowed) {
  GivenProject project;
  const fs::path lock = project.workspace() / "demo/.lock", victim = project.folder() / "victim";
  fs::remove(lock);
  fs::create_symlink(victim, lock);

  EXPECT_FALSE(project.try_provision(with_another_client()).has_value());
  EXPECT_FALSE(fs::exists(victim));
}

TEST(OwnFiles, ALinkInPlaceOfTheLedgerIsNotFollowed) {
  GivenProject project;
  const fs::path ledger = project.workspace() / "demo/state/ledger.jsonl";
  fs::rename(ledger, project.folder() / "victim");
  fs::create_symlink(project.folder() / "victim", ledger);

  const auto report = project.try_provision(with_another_client());

  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().reason, "kit_symlink");
}

TEST(OwnFiles, LinksUnderTheNamesOfDraftsAreRemovedAndNotFollowed) {
  GivenProject project;
  const fs::path victim = project.folder() / "victim";
  fs::create_directory(victim);
  write_text(victim / "file", "x");
  fs::create_directory_symlink(victim, project.workspace() / "demo/.prod.tmp");

  project.provision(with_another_client());

  EXPECT_EQ(read_text(victim / "file"), "x");
  EXPECT_TRUE(fs::is_directory(fs::symlink_status(project.kit("site-3"))));
}

}  // namespace
}  // namespace fairlead::support

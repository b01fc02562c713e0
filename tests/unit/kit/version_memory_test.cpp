#include "kit/version_memory.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tampering.hpp"

namespace fairlead::kit {
namespace {

using support::GivenProject;
namespace fs = std::filesystem;

const SeenVersion kFirst{"id-1", "root-1", 1}, kSecond{"id-1", "root-1", 2};

TEST(VersionMemory, AcceptsTheSameAndNewerVersions) {
  const support::TempDir kit;

  EXPECT_TRUE(check_version(kit.path(), kFirst, VersionMemory::remember));
  EXPECT_TRUE(check_version(kit.path(), kFirst, VersionMemory::remember));
  EXPECT_TRUE(check_version(kit.path(), kSecond, VersionMemory::remember));
}

TEST(VersionMemory, RefusesAnOlderVersion) {
  const support::TempDir kit;
  ASSERT_TRUE(check_version(kit.path(), kSecond, VersionMemory::remember));

  const auto older = check_version(kit.path(), kFirst, VersionMemory::remember);

  ASSERT_FALSE(older.has_value());
  EXPECT_EQ(older.error().reason, "kit_older_version");
}

TEST(VersionMemory, RefusesAnotherKitInTheSamePlace) {
  const support::TempDir kit;
  ASSERT_TRUE(check_version(kit.path(), kFirst, VersionMemory::remember));

  const auto other = check_version(kit.path(), {"id-2", "root-1", 5}, VersionMemory::remember);

  ASSERT_FALSE(other.has_value());
  EXPECT_EQ(other.error().reason, "kit_mixed");
}

TEST(VersionMemory, RefusesWhenWhatItRememberedIsDamaged) {
  const support::TempDir kit;
  ASSERT_TRUE(check_version(kit.path(), kFirst, VersionMemory::remember));
  support::write_text(kit.path() / "state/version", "{");

  const auto damaged = check_version(kit.path(), kFirst, VersionMemory::remember);

  ASSERT_FALSE(damaged.has_value());
  EXPECT_EQ(damaged.error().reason, "kit_state");
}

TEST(VersionMemory, LeavesNothingBehindWhenItOnlyChecks) {
  const support::TempDir kit;

  ASSERT_TRUE(check_version(kit.path(), kFirst, VersionMemory::only_check));

  EXPECT_NE(::access((kit.path() / "state").c_str(), F_OK), 0);
}

TEST(VersionMemory, RefusesAKitThatWasRestoredFromAnOlderRun) {
  GivenProject project;
  const fs::path first = project.kit("site-1"), site = project.folder() / "site";
  std::string yaml(support::kSmallProject);
  support::replace_in(yaml, "org: north", "org: west");
  project.provision(yaml);
  ASSERT_EQ(::mkdir(site.c_str(), 0700), 0);
  std::error_code error;
  fs::copy(project.kit("site-1"), site, fs::copy_options::recursive, error);
  ASSERT_EQ(support::reason_to_refuse(site), "opened");

  fs::remove_all(site / "startup", error);
  fs::copy(first / "startup", site / "startup", fs::copy_options::recursive, error);

  EXPECT_EQ(support::reason_to_refuse(site), "kit_older_version");
}

}  // namespace
}  // namespace fairlead::kit

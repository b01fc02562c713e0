// Where a kit is installed: an older version of it gives way, anything else stays, and so it is when the disk
// is full, at a crash and when two install at once.
#include <sys/resource.h>

#include <csignal>
#include <thread>

#include "given_kit_archive.hpp"

namespace fairlead::kit {
namespace {

using KitInPlace = KitArchive;

TEST_F(KitInPlace, UpgradesAnOlderVersionAndKeepsWhatTheSiteOwns) {
  must_install(pack("1.zip"));
  write_text(folder() / "local" / "fairlead.yml", "# mine\n");
  fs::create_directory(folder() / "state");
  write_text(folder() / "state" / "store.db", "state");
  write_text(folder() / "transfer" / "file", "spool");
  project_.provision(project_on_port(8003));

  EXPECT_EQ(must_install(pack("2.zip")), InstallChange::upgraded);

  const auto kit = Kit::open(folder(), VersionMemory::only_check);
  ASSERT_TRUE(kit) << kit.error().line();
  EXPECT_EQ(kit->settings().kit_version, 2u);
  EXPECT_EQ(kit->settings().connect_to->port, 8003);
  EXPECT_EQ(read_text(folder() / "local" / "fairlead.yml"), "# mine\n");
  EXPECT_EQ(read_text(folder() / "state" / "store.db"), "state");
  EXPECT_EQ(read_text(folder() / "transfer" / "file"), "spool");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder().parent_path()), fs::directory_iterator()), 1);
}

TEST_F(KitInPlace, OfTheSameVersionChangesNothing) {
  const fs::path zip = pack("1.zip");
  must_install(zip);
  write_text(folder() / "local" / "fairlead.yml", "# mine\n");

  EXPECT_EQ(must_install(zip), InstallChange::nothing);
  EXPECT_EQ(read_text(folder() / "local" / "fairlead.yml"), "# mine\n");
}

TEST_F(KitInPlace, N60_OfAnOlderVersionIsRefused) {
  const fs::path old = pack("1.zip");
  project_.provision(project_on_port(8003));
  const fs::path newer = pack("2.zip");
  must_install(newer);

  EXPECT_EQ(reason_of(old), "kit_older_version");
  EXPECT_EQ(Kit::open(folder(), VersionMemory::only_check)->settings().kit_version, 2u);
}

TEST_F(KitInPlace, N60_OlderThanWhatRanThereIsRefused) {
  must_install(pack("1.zip"));
  project_.provision(project_on_port(8003));
  const fs::path second = pack("2.zip");
  project_.provision(project_on_port(8004));
  const auto third = Kit::open(project_.kit("site-1"), VersionMemory::remember);
  ASSERT_TRUE(third);
  fs::create_directory(folder() / "state");
  fs::copy_file(project_.kit("site-1") / "state" / "version", folder() / "state" / "version");

  EXPECT_EQ(reason_of(second), "kit_older_version");
  EXPECT_EQ(must_install(pack("3.zip")), InstallChange::upgraded);
  EXPECT_EQ(reason_to_refuse(folder()), "opened");
}

TEST_F(KitInPlace, NeverTakesThePlaceOfSomethingElse) {
  const fs::path zip = pack("1.zip");
  fs::create_directory(folder());
  EXPECT_EQ(reason_of(zip), "file_exists");
  EXPECT_TRUE(fs::is_empty(folder()));
  fs::remove(folder());
  write_text(folder(), "a file");
  EXPECT_EQ(reason_of(zip), "file_exists");
  EXPECT_EQ(read_text(folder()), "a file");
}

TEST_F(KitInPlace, NeverTakesThePlaceOfAnotherKit) {
  must_install(pack("2.zip", "site-2"));

  EXPECT_EQ(reason_of(pack("1.zip")), "kit_mixed");
  EXPECT_EQ(Kit::open(folder(), VersionMemory::only_check)->settings().name, "site-2");
}

TEST_F(KitInPlace, IsNeverInstalledThroughALink) {
  const fs::path zip = pack("1.zip");
  fs::create_directory(project_.folder() / "elsewhere");
  fs::create_symlink(project_.folder() / "elsewhere", folder());

  EXPECT_EQ(reason_of(zip), "file_exists");
  EXPECT_TRUE(fs::is_empty(project_.folder() / "elsewhere"));
}

class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

TEST_F(KitInPlace, ThatDoesNotFitOnTheDiskLeavesNothing) {
  const fs::path zip = pack("1.zip");
  ASSERT_NE(std::signal(SIGXFSZ, SIG_IGN), SIG_ERR);
  base::Result<Installed> installed = base::fail(base::ErrorCode::internal, "not tried");
  {
    const FileSizeLimit limit(300);
    installed = install(zip);
  }
  ASSERT_NE(std::signal(SIGXFSZ, SIG_DFL), SIG_ERR);

  ASSERT_FALSE(installed);
  EXPECT_EQ(installed.error().code, base::ErrorCode::failed);
  EXPECT_NE(installed.error().text.find("cannot write"), std::string::npos) << installed.error().text;
  EXPECT_TRUE(nothing_is_left());
}

TEST_F(KitInPlace, ThatAKillInterruptsLeavesTheOldKit) {
  must_install(pack("1.zip"));
  project_.provision(project_on_port(8003));
  const fs::path zip = pack("2.zip");

  EXPECT_EXIT(
      {
        const FileSizeLimit limit(300);
        static_cast<void>(install(zip));
      },
      testing::KilledBySignal(SIGXFSZ), "");

  EXPECT_EQ(Kit::open(folder(), VersionMemory::only_check)->settings().kit_version, 1u);
  EXPECT_EQ(must_install(zip), InstallChange::upgraded);
}

TEST_F(KitInPlace, InstalledTwiceAtOnceIsThereOnce) {
  const fs::path zip = pack("1.zip");
  base::Result<Installed> first = install_kit({}), second = install_kit({});

  std::thread other([&] { first = install(zip); });
  second = install(zip);
  other.join();

  EXPECT_EQ(reason_to_refuse(folder()), "opened");
  const auto change = [](const base::Result<Installed>& one) {
    return one ? std::string(name(one->change)) : one.error().reason;
  };
  EXPECT_TRUE(change(first) == "installed" || change(second) == "installed");
  EXPECT_NE(change(first), change(second));
}

TEST_F(KitInPlace, OfTwoVersionsAtOnceLeavesTheNewer) {
  const fs::path oldest = pack("1.zip");
  project_.provision(project_on_port(8003));
  const fs::path second = pack("2.zip");
  project_.provision(project_on_port(8004));
  const fs::path third = pack("3.zip");

  for (int round = 0; round < 5; ++round) {
    fs::remove_all(folder());
    must_install(oldest);
    std::thread other([&] { static_cast<void>(install(second)); });
    EXPECT_EQ(must_install(third), InstallChange::upgraded);
    other.join();
    EXPECT_EQ(Kit::open(folder(), VersionMemory::only_check)->settings().kit_version, 3u);
  }
}

}  // namespace
}  // namespace fairlead::kit

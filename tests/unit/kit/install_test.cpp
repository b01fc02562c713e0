// A kit comes out of an archive as provision made it, or not at all.
#include "kit/install.hpp"

#include <algorithm>

#include "given_kit_archive.hpp"
#include "kit/delegated.hpp"

namespace fairlead::kit {
namespace {

TEST_F(KitArchive, GivesTheSameKitWithTheModesOfKits) {
  const fs::path zip = pack("a kit.zip");
  EXPECT_EQ(mode_of(zip), 0600u);
  const fs::path open = changed(zip, [](auto& entries) {
    for (ArchiveEntry& one : entries) one.mode = 0777;
  });

  EXPECT_EQ(must_install(open), InstallChange::installed);

  EXPECT_EQ(reason_to_refuse(folder()), "opened");
  for (const char* const one : {"", "startup", "local", "transfer"})
    EXPECT_EQ(mode_of(folder() / one), 0700u);
  EXPECT_EQ(mode_of(folder() / "startup" / "client.key"), 0600u);
  EXPECT_EQ(mode_of(folder() / "startup" / "fairlead.json"), 0644u);
  EXPECT_EQ(read_text(folder() / "local" / "fairlead.yml"),
            read_text(project_.kit("site-1") / "local" / "fairlead.yml"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder().parent_path()), fs::directory_iterator()), 1);
}

TEST_F(KitArchive, OfTheServerHasItsTokenKeyToo) {
  EXPECT_EQ(must_install(pack("s.zip", "server.example.com")), InstallChange::installed);
  EXPECT_EQ(mode_of(folder() / "startup" / "token.key"), 0600u);
}

TEST_F(KitArchive, OfTheSameKitHasTheSameBytes) {
  EXPECT_EQ(read_text(pack("1.zip")), read_text(pack("2.zip")));
}

TEST_F(KitArchive, IsNotPackedOverAFile) {
  const auto kit = Kit::open(project_.kit("site-1"), VersionMemory::only_check);

  EXPECT_EQ(pack_kit(*kit, pack("1.zip")).error().reason, "file_exists");
}

TEST_F(KitArchive, HasTheSitesOwnFilesAndNeitherStateNorSpools) {
  const fs::path kit = project_.kit("site-1");
  fs::create_directories(kit / "local" / "peers");
  fs::create_directories(kit / "state");
  write_text(kit / "local" / "peers" / "site-2.curve", "statement");
  write_text(kit / "state" / "store.db", "state");
  write_text(kit / "transfer" / "file", "spool");

  const auto entries = read_archive(pack("1.zip"));

  ASSERT_TRUE(entries);
  std::vector<std::string> paths;
  for (const ArchiveEntry& one : *entries) paths.push_back(one.path);
  EXPECT_TRUE(std::ranges::find(paths, "local/peers/site-2.curve") != paths.end());
  EXPECT_TRUE(std::ranges::none_of(paths, [](const std::string& path) {
    return path.starts_with("state") || path.starts_with("transfer");
  }));
  EXPECT_EQ(must_install(project_.folder() / "1.zip"), InstallChange::installed);
  EXPECT_EQ(read_text(folder() / "local" / "peers" / "site-2.curve"), "statement");
}

TEST_F(KitArchive, IsNotMadeOfWhatALinkInLocalPointsTo) {
  fs::create_symlink("/etc/passwd", project_.kit("site-1") / "local" / "link");
  const auto kit = Kit::open(project_.kit("site-1"), VersionMemory::only_check);

  EXPECT_EQ(pack_kit(*kit, project_.folder() / "1.zip").error().reason, "kit_symlink");
  EXPECT_FALSE(fs::exists(project_.folder() / "1.zip"));
}

TEST_F(KitArchive, MayHaveTheKitInFoldersAndTheStateOfItsMachine) {
  const fs::path zip = changed(pack("1.zip"), [](auto& entries) {
    entries.push_back(entry("state/version", "not of this machine"));
    entries.push_back(entry("transfer/spool"));
    for (ArchiveEntry& one : entries) one.path.insert(0, "prod_00/site-1/");
  });

  const auto installed = install(zip);

  ASSERT_TRUE(installed) << installed.error().line();
  EXPECT_EQ(installed->left_out.size(), 2u);
  EXPECT_FALSE(fs::exists(folder() / "state"));
  EXPECT_TRUE(fs::is_empty(folder() / "transfer"));
}

TEST_F(KitArchive, N60_WithAChangedByteInAnyFileOfStartupIsRefused) {
  const fs::path zip = pack("1.zip", "server.example.com");
  const auto entries = read_archive(zip);
  size_t tried = 0;
  for (size_t i = 0; i < entries->size(); ++i) {
    if (!entries->at(i).path.starts_with("startup/")) continue;
    const fs::path bad =
        changed(zip, [&](auto& copy) { copy[i].content.expose_mutable()[copy[i].content.size() / 2] ^= 1; });
    EXPECT_TRUE(reason_of(bad).starts_with("kit_")) << entries->at(i).path;
    EXPECT_TRUE(nothing_is_left()) << entries->at(i).path;
    ++tried;
  }
  EXPECT_EQ(tried, 8u);
}

TEST_F(KitArchive, N60_WithAnyFileOfStartupMissingIsRefused) {
  const fs::path zip = pack("1.zip");
  const auto entries = read_archive(zip);
  for (size_t i = 0; i < entries->size(); ++i) {
    if (!entries->at(i).path.starts_with("startup/")) continue;
    const fs::path bad =
        changed(zip, [&](auto& copy) { copy.erase(copy.begin() + static_cast<ptrdiff_t>(i)); });
    EXPECT_EQ(reason_of(bad), "kit_missing_file") << entries->at(i).path;
  }
  EXPECT_TRUE(nothing_is_left());
}

TEST_F(KitArchive, N60_WithSomethingThatIsNoPartOfAKitIsRefused) {
  const fs::path zip = pack("1.zip");
  for (const char* const path :
       {"startup/more", "startup/deeper/file", "README", "other/file", "delegation/a/b"}) {
    const fs::path bad = changed(zip, [&](auto& entries) { entries.push_back(entry(path)); });
    EXPECT_EQ(reason_of(bad), "kit_extra_file") << path;
  }
  EXPECT_TRUE(nothing_is_left());
}

TEST_F(KitArchive, N60_WithSomethingBesideTheKitsFolderIsRefused) {
  const fs::path zip = pack("1.zip");
  for (const char* const path : {"local/run.sh", "site-2/local/run.sh"}) {
    const fs::path bad = changed(zip, [&](auto& entries) {
      for (ArchiveEntry& one : entries) one.path.insert(0, "site-1/");
      entries.push_back(entry(path));
    });
    EXPECT_EQ(reason_of(bad), "kit_extra_file") << path;
  }
}

TEST_F(KitArchive, N60_WithSeveralKitsOrNoneIsRefused) {
  const fs::path zip = pack("1.zip");

  EXPECT_EQ(
      reason_of(changed(zip, [](auto& entries) { entries.push_back(entry("b/startup/manifest.json")); })),
      "kit_mixed");
  EXPECT_EQ(reason_of(changed(zip,
                              [](auto& entries) {
                                entries.clear();
                                entries.push_back(entry("startup/fairlead.json"));
                              })),
            "kit_missing_file");
}

TEST_F(KitArchive, N60_OfAnotherRootThanToldIsRefused) {
  const support::GivenProject foreign;
  const fs::path zip = pack("1.zip");

  EXPECT_EQ(reason_of(zip, foreign.report().root_sha256), "kit_wrong_root");
  EXPECT_TRUE(nothing_is_left());
  EXPECT_EQ(reason_of(zip, project_.report().root_sha256), "installed");
}

TEST_F(KitArchive, N60_IsBlamedItselfAndNotAFolderThatIsGone) {
  const fs::path bad = changed(pack("1.zip"), [](auto& entries) {
    for (ArchiveEntry& one : entries)
      if (one.path == "startup/manifest.sig") one.content.expose_mutable()[9] ^= 1;
  });

  const auto installed = install(bad);

  ASSERT_FALSE(installed);
  EXPECT_EQ(installed.error().origin, bad.string() + ":1:1");
  EXPECT_EQ(installed.error().line().find(".fairlead-install"), std::string::npos)
      << installed.error().line();
}

std::string project_over_tls() {
  std::string yaml(support::kSmallProject);
  support::replace_in(yaml, "name: demo\n", "name: demo\nconnection_security: tls\n");
  return yaml;
}

TEST(DelegatedKitArchive, IsInstalledWithItsOneKeyAndNeverOverAKit) {
  support::GivenProject project(project_over_tls());
  const auto site = Kit::open(project.kit("site-1"), VersionMemory::only_check);
  ASSERT_TRUE(site);
  const base::SystemClock clock;
  base::SystemRandom random;
  ASSERT_TRUE(make_delegated_kit(
      *site, {"site-1/sensor", {"a"}, std::chrono::hours(1), {7}, project.folder() / "made"}, clock, random));
  const auto made = Kit::open(project.folder() / "made", VersionMemory::only_check);
  const fs::path zip = project.folder() / "d.zip", site_zip = project.folder() / "s.zip";
  const auto packed = pack_kit(*made, zip);
  ASSERT_TRUE(packed) << packed.error().line();
  EXPECT_EQ(packed->private_keys, 1u);

  const auto installed = install_kit({zip, project.folder() / "third party", {}});

  ASSERT_TRUE(installed) << installed.error().line();
  EXPECT_EQ(installed->kit.delegation()->content.endpoint, "site-1/sensor");
  for (const auto& file : fs::directory_iterator(project.folder() / "third party" / "delegation"))
    EXPECT_EQ(mode_of(file.path()), 0600u);
  ASSERT_TRUE(pack_kit(*site, site_zip));
  ASSERT_TRUE(install_kit({site_zip, project.folder() / "site", {}}));
  EXPECT_EQ(install_kit({zip, project.folder() / "site", {}}).error().reason, "file_exists");
}

TEST(RootFingerprint, IsReadAsPeopleWriteIt) {
  const std::string plain(64, 'a'), upper(64, 'A');
  std::string colons = "AA";
  for (int i = 1; i < 32; ++i) colons += ":AA";

  EXPECT_EQ(parse_fingerprint(plain).value_or(""), plain);
  EXPECT_EQ(parse_fingerprint(upper).value_or(""), plain);
  EXPECT_EQ(parse_fingerprint(colons).value_or(""), plain);
}

TEST(RootFingerprint, IsRefusedWhenItIsNotWhole) {
  std::string half_colons = "AA:" + std::string(62, 'A');
  for (const std::string& text :
       {std::string(), std::string(63, 'a'), std::string(65, 'a'), std::string(64, 'g'), half_colons,
        std::string(95, ':'), std::string(40, 'a')})
    EXPECT_EQ(parse_fingerprint(text).error().code, base::ErrorCode::bad_arguments) << text;
}

}  // namespace
}  // namespace fairlead::kit

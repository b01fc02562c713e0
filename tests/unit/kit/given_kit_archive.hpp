/// A project and the archives of its kits: what the tests of packing and installing start from.
#pragma once
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "kit/archive.hpp"
#include "kit/install.hpp"
#include "kit/pack.hpp"
#include "tampering.hpp"

namespace fairlead::kit {

namespace fs = std::filesystem;
using support::read_text;
using support::reason_to_refuse;
using support::write_text;

inline uint32_t mode_of(const fs::path& path) {
  struct stat facts {};
  EXPECT_EQ(::lstat(path.c_str(), &facts), 0) << path;
  return facts.st_mode & 07777;
}

inline std::string project_on_port(int port) {
  std::string yaml(support::kSmallProject);
  support::replace_in(yaml, "8002", std::to_string(port));
  return yaml;
}

class KitArchive : public testing::Test {
 protected:
  /// Packs the current kit of a participant.
  fs::path pack(const std::string& name, const std::string& participant = "site-1") const {
    return pack_folder(name, project_.kit(participant));
  }
  fs::path pack_folder(const std::string& name, const fs::path& folder) const {
    const auto kit = Kit::open(folder, VersionMemory::only_check);
    EXPECT_TRUE(kit) << folder;
    const auto packed = pack_kit(*kit, project_.folder() / name);
    EXPECT_TRUE(packed) << packed.error().line();
    return project_.folder() / name;
  }
  /// The same archive with a change.
  template <class Change>
  fs::path changed(const fs::path& zip, Change change) const {
    auto entries = read_archive(zip);
    EXPECT_TRUE(entries);
    change(*entries);
    EXPECT_TRUE(write_archive(project_.folder() / "changed.zip", *entries, 0600, ExistingFile::replace));
    return project_.folder() / "changed.zip";
  }
  fs::path folder() const { return project_.folder() / "a place" / "my site"; }
  base::Result<Installed> install(const fs::path& zip, const std::string& root = {}) const {
    return install_kit({zip, folder(), root});
  }
  InstallChange must_install(const fs::path& zip) const {
    const auto installed = install(zip);
    EXPECT_TRUE(installed) << installed.error().line();
    return installed ? installed->change : InstallChange::nothing;
  }
  std::string reason_of(const fs::path& zip, const std::string& root = {}) const {
    const auto installed = install(zip, root);
    if (installed) return "installed";
    EXPECT_EQ(installed.error().line().find(key_line()), std::string::npos);
    return installed.error().reason;
  }
  /// Of the private key, as its PEM text has it.
  std::string key_line() const {
    const std::string pem = read_text(project_.kit("site-1") / "startup" / "client.key");
    return pem.substr(pem.find('\n') + 1, 40);
  }
  bool nothing_is_left() const { return fs::is_empty(folder().parent_path()); }
  static ArchiveEntry entry(const std::string& path, std::string_view content = "x") {
    return {path, 0644, base::Secret(base::as_bytes(content))};
  }

  KitArchive() { fs::create_directory(folder().parent_path()); }
  support::GivenProject project_;
};

}  // namespace fairlead::kit

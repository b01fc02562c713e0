// A folder of a kit gives regular files that nobody else may write, and nothing else.
#include "kit/folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/given_project.hpp"

namespace fairlead::kit {
namespace {

namespace fs = std::filesystem;

template <class T>
std::string reason_of(const base::Result<T>& read) {
  return read ? "" : read.error().reason;
}

class KitFolder : public testing::Test {
 protected:
  KitFolder() {
    support::write_text(path() / "file", "content");
    fs::permissions(path() / "file", fs::perms(0600));
  }
  const fs::path& path() const { return place_.path(); }
  Folder folder() const { return std::move(*Folder::open(path())); }

  const support::TempDir place_;
};

TEST_F(KitFolder, ReadsAFileOfAtMostTheSizeAskedFor) {
  EXPECT_EQ(base::to_text(folder().read("file", 7)->bytes), "content");
  EXPECT_EQ(reason_of(folder().read("file", 6)), "kit_changed");
}

TEST_F(KitFolder, ReadsNoLinkAndNoFolder) {
  fs::create_symlink("file", path() / "link");
  fs::create_directory(path() / "folder");

  EXPECT_EQ(reason_of(folder().read("link")), "kit_symlink");
  EXPECT_EQ(reason_of(folder().read("folder")), "kit_extra_file");
}

TEST_F(KitFolder, ReadsNothingThatOthersMayWrite) {
  for (const unsigned mode : {0620u, 0602u}) {
    ASSERT_EQ(::chmod((path() / "file").c_str(), mode), 0);
    EXPECT_EQ(reason_of(folder().read("file")), "kit_unsafe_mode") << mode;
  }
}

TEST_F(KitFolder, ReadsNoKeyThatOthersMayRead) {
  EXPECT_EQ(reason_of(folder().read_key("file")), "");
  for (const unsigned mode : {0640u, 0604u}) {
    ASSERT_EQ(::chmod((path() / "file").c_str(), mode), 0);
    EXPECT_EQ(reason_of(folder().read_key("file")), "kit_unsafe_mode") << mode;
  }
}

TEST_F(KitFolder, ListsNoLink) {
  EXPECT_EQ(folder().file_names().value(), std::vector<std::string>{"file"});

  fs::create_symlink("file", path() / "link");

  EXPECT_EQ(reason_of(folder().file_names()), "kit_symlink");
}

TEST_F(KitFolder, ListsNoFolder) {
  fs::create_directory(path() / "folder");

  EXPECT_EQ(reason_of(folder().file_names()), "kit_extra_file");
}

}  // namespace
}  // namespace fairlead::kit

#include "app/inbox.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace fairlead::app {
namespace {

/// An empty folder that goes away with the test.
class InboxFolder : public testing::Test {
 protected:
  InboxFolder() {
    std::string pattern = testing::TempDir() + "fairlead-inbox-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~InboxFolder() override { std::filesystem::remove_all(folder_); }

  std::string content_of(const std::string& name) const {
    std::ifstream file(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  long files() const { return std::distance(std::filesystem::directory_iterator(folder_), {}); }

  std::filesystem::path folder_;
};

TEST(SafeFileName, KeepsAnOrdinaryName) { EXPECT_EQ(safe_file_name("model v2.pt"), "model v2.pt"); }

TEST(SafeFileName, KeepsTheLastComponentOnly) {
  EXPECT_EQ(safe_file_name("/etc/passwd"), "passwd");
  EXPECT_EQ(safe_file_name("../../x"), "x");
  EXPECT_EQ(safe_file_name("C:\\temp\\x.txt"), "x.txt");
}

TEST(SafeFileName, HidesNothing) {
  EXPECT_EQ(safe_file_name(".bashrc"), "bashrc");
  EXPECT_EQ(safe_file_name("..."), "unnamed");
}

TEST(SafeFileName, NamesWhatHasNoName) {
  EXPECT_EQ(safe_file_name(""), "unnamed");
  EXPECT_EQ(safe_file_name("folder/"), "unnamed");
}

TEST(SafeFileName, ReplacesControlCharacters) {
  EXPECT_EQ(safe_file_name(std::string_view("a\0b\nc\x7f", 6)), "a_b_c_");
}

TEST(SafeFileName, CutsAtTwoHundredBytes) {
  EXPECT_EQ(safe_file_name(std::string(200, 'a')).size(), 200u);
  EXPECT_EQ(safe_file_name(std::string(201, 'a')).size(), 200u);
}

TEST(SafeFileName, CutsBetweenCharacters) {
  std::string name(199, 'a');
  name += "\xc3\xa4";

  EXPECT_EQ(safe_file_name(name), std::string(199, 'a'));
}

TEST(NumberedFileName, NumbersBeforeTheExtension) {
  EXPECT_EQ(numbered_file_name("model.pt", 0), "model.pt");
  EXPECT_EQ(numbered_file_name("model.pt", 2), "model-2.pt");
  EXPECT_EQ(numbered_file_name("model", 1), "model-1");
}

TEST_F(InboxFolder, StoresTheContentUnderItsName) {
  const auto name = Inbox::open(folder_)->store("x.txt", base::as_bytes("hello"));

  EXPECT_EQ(*name, "x.txt");
  EXPECT_EQ(content_of("x.txt"), "hello");
}

TEST_F(InboxFolder, NeverOverwrites) {
  const auto inbox = Inbox::open(folder_);
  ASSERT_TRUE(inbox->store("x.txt", base::as_bytes("one")).has_value());

  EXPECT_EQ(*inbox->store("x.txt", base::as_bytes("two")), "x-1.txt");
  EXPECT_EQ(*inbox->store("x.txt", base::as_bytes("three")), "x-2.txt");
  EXPECT_EQ(content_of("x.txt"), "one");
}

TEST_F(InboxFolder, StaysInsideTheFolder) {
  EXPECT_EQ(*Inbox::open(folder_)->store("../../escape", base::as_bytes("x")), "escape");
}

TEST_F(InboxFolder, LeavesNoTemporaryFile) {
  ASSERT_TRUE(Inbox::open(folder_)->store("x", base::as_bytes("x")).has_value());

  EXPECT_EQ(files(), 1);
}

TEST_F(InboxFolder, FollowsNoLinkThatHasTheName) {
  std::filesystem::create_symlink("/nonexistent/target", folder_ / "x");

  EXPECT_EQ(*Inbox::open(folder_)->store("x", base::as_bytes("x")), "x-1");
}

TEST_F(InboxFolder, RefusesAFolderThatIsNotThere) {
  const auto inbox = Inbox::open(folder_ / "missing");

  EXPECT_EQ(inbox.error().code, base::ErrorCode::bad_arguments);
}

}  // namespace
}  // namespace fairlead::app

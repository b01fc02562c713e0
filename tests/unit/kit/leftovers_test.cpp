#include "kit/leftovers.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>

#include "kit/durable.hpp"
#include "support/given_project.hpp"

namespace fairlead::kit {
namespace {

namespace fs = std::filesystem;
using support::read_text;
using support::write_text;

class Leftovers : public testing::Test {
 protected:
  fs::path target() const { return folder_.path() / "file"; }
  fs::path leftover(const std::string& pid) const { return folder_.path() / (".file.tmp." + pid); }

  support::TempDir folder_;
};

TEST_F(Leftovers, AreRemovedWhenTheirWriterIsGone) {
  write_text(leftover("123456789"), "half");
  fs::create_directory(leftover("2"));
  write_text(leftover("2") / "key", "half");

  sweep_leftovers(target());

  EXPECT_FALSE(fs::exists(leftover("123456789")));
  EXPECT_FALSE(fs::exists(leftover("2")));
}

TEST_F(Leftovers, OfALivingWriterStay) {
  const auto held = make_held_folder(target());
  ASSERT_TRUE(held.has_value());

  sweep_leftovers(target());

  EXPECT_TRUE(fs::exists(temporary_beside(target())));
}

TEST_F(Leftovers, OfAnotherFileStay) {
  write_text(folder_.path() / ".other.tmp.1", "x");
  write_text(folder_.path() / ".file.tmp.1x", "x");
  write_text(folder_.path() / ".file.tmp.", "x");

  sweep_leftovers(target());

  EXPECT_TRUE(fs::exists(folder_.path() / ".other.tmp.1"));
  EXPECT_TRUE(fs::exists(folder_.path() / ".file.tmp.1x"));
  EXPECT_TRUE(fs::exists(folder_.path() / ".file.tmp."));
}

TEST_F(Leftovers, ThatAreLinksAreNotFollowed) {
  write_text(folder_.path() / "victim", "x");
  fs::create_symlink(folder_.path() / "victim", leftover("1"));

  sweep_leftovers(target());

  EXPECT_EQ(read_text(folder_.path() / "victim"), "x");
}

TEST_F(Leftovers, ThatWereTakenFromTheirWriterAreNotHeld) {
  write_text(leftover("1"), "");
  const Descriptor file(::open(leftover("1").c_str(), O_WRONLY | O_CLOEXEC));
  fs::remove(leftover("1"));

  EXPECT_FALSE(hold(file));
}

TEST_F(Leftovers, AreSweptByTheNextReplacement) {
  write_text(leftover("1"), "half");

  const auto replaced = replace_file(target(), base::as_bytes("new"), kFileMode);

  EXPECT_TRUE(replaced.has_value());
  EXPECT_EQ(read_text(target()), "new");
  EXPECT_FALSE(fs::exists(leftover("1")));
}

TEST_F(Leftovers, NoneAreMadeByAReplacement) {
  ASSERT_TRUE(replace_file(target(), base::as_bytes("new"), kFileMode).has_value());

  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()), 1);
}

TEST(MakeFolder, TakesALinkForNone) {
  const support::TempDir folder;
  fs::create_directory_symlink(folder.path(), folder.path() / "link");

  EXPECT_FALSE(make_folder(folder.path() / "link").has_value());
  EXPECT_TRUE(make_folder(folder.path()).has_value());
}

}  // namespace
}  // namespace fairlead::kit

// What is written is read again, byte for byte; what a caller asks for is kept.
#include "kit/archive.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <iterator>

#include "support/given_project.hpp"

namespace fairlead::kit {
namespace {

namespace fs = std::filesystem;

ArchiveEntry entry(const std::string& path, std::string_view content, uint32_t mode = 0644) {
  return {path, mode, base::Secret(base::as_bytes(content))};
}

std::vector<ArchiveEntry> two_files() {
  std::vector<ArchiveEntry> entries;
  entries.push_back(entry("startup/server.key", "a private key", 0600));
  entries.push_back(entry("local/empty", ""));
  return entries;
}

std::vector<ArchiveEntry> one_file(const std::string& path) {
  std::vector<ArchiveEntry> entries;
  entries.push_back(entry(path, "content"));
  return entries;
}

std::string reason_of(const base::Status& status) { return status ? "" : status.error().reason; }

class Archive : public testing::Test {
 protected:
  const support::TempDir folder_;
  const fs::path zip_ = folder_.path() / "a.zip";
};

TEST_F(Archive, IsReadAsItWasWritten) {
  ASSERT_TRUE(write_archive(zip_, two_files(), 0600));

  const auto read = read_archive(zip_);

  ASSERT_TRUE(read) << read.error().line();
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ(read->at(0).path, "startup/server.key");
  EXPECT_EQ(read->at(0).mode, 0600u);
  EXPECT_EQ(base::to_text(read->at(0).content.expose()), "a private key");
  EXPECT_EQ(read->at(1).path, "local/empty");
  EXPECT_TRUE(read->at(1).content.empty());
}

TEST_F(Archive, OfNothingIsReadAsNothing) {
  ASSERT_TRUE(write_archive(zip_, {}, 0600));

  const auto read = read_archive(zip_);

  ASSERT_TRUE(read) << read.error().line();
  EXPECT_TRUE(read->empty());
}

TEST_F(Archive, HasTheModeAskedForAndLeavesNothingBeside) {
  ASSERT_TRUE(write_archive(zip_, two_files(), 0640));

  struct stat facts {};
  ASSERT_EQ(::stat(zip_.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 07777, 0640u);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()), 1);
}

TEST_F(Archive, OfEqualEntriesHasEqualBytesInEveryTimeZone) {
  ASSERT_EQ(::setenv("TZ", "UTC", 1), 0);
  ::tzset();
  ASSERT_TRUE(write_archive(zip_, two_files(), 0600));
  ASSERT_EQ(::setenv("TZ", "Asia/Tokyo", 1), 0);
  ::tzset();
  ASSERT_TRUE(write_archive(folder_.path() / "b.zip", two_files(), 0600));

  EXPECT_EQ(support::read_text(zip_), support::read_text(folder_.path() / "b.zip"));
}

TEST_F(Archive, ReplacesAFileOnlyWhenTold) {
  ASSERT_TRUE(write_archive(zip_, two_files(), 0600));
  const std::string before = support::read_text(zip_);

  EXPECT_EQ(reason_of(write_archive(zip_, one_file("x"), 0600)), "file_exists");
  EXPECT_EQ(support::read_text(zip_), before);
  EXPECT_TRUE(write_archive(zip_, one_file("x"), 0600, ExistingFile::replace));
  EXPECT_NE(support::read_text(zip_), before);
}

TEST_F(Archive, IsNotWrittenWhenNobodyWouldReadIt) {
  EXPECT_EQ(reason_of(write_archive(zip_, one_file("../x"), 0600)), "archive_path_escape");
  EXPECT_EQ(reason_of(write_archive(zip_, one_file("/x"), 0600)), "archive_path_escape");
  EXPECT_EQ(reason_of(write_archive(zip_, one_file("a//x"), 0600)), "archive_bad_name");
  EXPECT_EQ(reason_of(write_archive(zip_, one_file("a\nx"), 0600)), "archive_bad_name");
  std::vector<ArchiveEntry> large;
  large.push_back({"large", 0644, base::Secret((16 << 20) + 1)});
  EXPECT_EQ(reason_of(write_archive(zip_, large, 0600)), "archive_too_large");
  EXPECT_FALSE(fs::exists(zip_));
}

TEST_F(Archive, HoldsWhatDoesNotShrink) {
  std::string noise(3 << 20, '\0');
  uint64_t state = 1;
  for (char& letter : noise) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    letter = static_cast<char>(state >> 56);
  }
  std::vector<ArchiveEntry> entries;
  entries.push_back(entry("noise", noise));
  ASSERT_TRUE(write_archive(zip_, entries, 0600));

  const auto read = read_archive(zip_);

  ASSERT_TRUE(read) << read.error().line();
  EXPECT_TRUE(base::equal(read->at(0).content.expose(), base::as_bytes(noise)));
}

}  // namespace
}  // namespace fairlead::kit

// An archive from a stranger costs at most its limits, gives no name that leads elsewhere, and is read as one
// thing only.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kit/archive.hpp"
#include "raw_zip.hpp"
#include "support/given_project.hpp"

namespace fairlead::kit {
namespace {

namespace fs = std::filesystem;
using support::raw_zip;
using support::RawEntry;

std::string reason_of(const base::Result<std::vector<ArchiveEntry>>& read) {
  return read ? "" : read.error().reason;
}

std::string reason_of(const base::Bytes& archive, const ArchiveLimits& limits = {}) {
  return reason_of(read_archive(archive, "a.zip", limits));
}

base::Bytes zip_of_name(std::string_view name) { return raw_zip({{.name = std::string(name)}}); }

std::vector<RawEntry> files(size_t count) {
  std::vector<RawEntry> entries;
  for (size_t i = 0; i < count; ++i) entries.push_back({.name = "f" + std::to_string(i)});
  return entries;
}

TEST(HostileArchive, IsTheExceptionBecauseAPlainOneIsRead) {
  const auto read = read_archive(raw_zip({{.name = "startup/", .content = "", .mode = 040755},
                                          {.name = "startup/a", .content = "A"},
                                          {.name = "b", .content = "", .mode = 0104755}}),
                                 "a.zip");

  ASSERT_TRUE(read) << read.error().line();
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ(read->at(0).path, "startup/a");
  EXPECT_EQ(base::to_text(read->at(0).content.expose()), "A");
  EXPECT_EQ(read->at(1).mode, 0755u);
}

TEST(HostileArchive, N60_ThatLeavesItsFolderIsRefused) {
  for (const char* name :
       {"/etc/passwd", "../x", "a/../../x", "a/..", "..", "a\\..\\x", "C:\\x", "//x", "\\x"})
    EXPECT_EQ(reason_of(zip_of_name(name)), "archive_path_escape") << name;
}

TEST(HostileArchive, N60_WithANameNobodyCanTypeIsRefused) {
  for (const char* name : {"a//b", "./a", "a/.", ".", "a\nb", "a\x1b[31m", "a\x7f", "a\xff", "a\xc3\xa4"})
    EXPECT_EQ(reason_of(zip_of_name(name)), "archive_bad_name") << name;
  EXPECT_EQ(reason_of(zip_of_name(std::string(255, 'a'))), "");
  EXPECT_EQ(reason_of(zip_of_name(std::string(256, 'a'))), "archive_bad_name");
}

TEST(HostileArchive, N60_WithoutANameIsRefused) { EXPECT_NE(reason_of(zip_of_name("")), ""); }

TEST(HostileArchive, NeverPutsItsNamesIntoAnErrorAsTheyAre) {
  const auto read = read_archive(zip_of_name("a\x1b[31m\n"), "a.zip");

  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().text.find_first_of("\x1b\n"), std::string::npos) << read.error().text;
}

TEST(HostileArchive, N60_WithANulInANameIsRefused) {
  EXPECT_EQ(reason_of(zip_of_name(std::string_view("startup/a\0.txt", 14))), "archive_bad_name");
}

TEST(HostileArchive, N60_WithALinkOrADeviceIsRefused) {
  for (const uint32_t type : {0120000u, 0020000u, 0060000u, 0010000u, 0140000u})
    EXPECT_EQ(reason_of(raw_zip({{.name = "a", .content = "/etc/passwd", .mode = type | 0777}})),
              "archive_link")
        << type;
  EXPECT_EQ(reason_of(raw_zip({{.name = "a", .mode = 040755}})), "archive_link");
}

/// The list says a file; the extra field `xl` in front of the content makes it something else for libarchive.
TEST(HostileArchive, N60_WithALinkOrADeviceThatItsListDoesNotShowIsRefused) {
  for (const char type : {'\xa1', '\x21', '\x61'}) {
    const std::string attributes = std::string("\x78\x6c\x05\0\x04\0\0\xff", 8) + type;
    EXPECT_EQ(reason_of(raw_zip({{.name = "a", .content = "/etc/passwd", .extra = attributes}})),
              "archive_link");
  }
}

TEST(HostileArchive, N60_WithANameTwiceIsRefused) {
  EXPECT_EQ(reason_of(raw_zip({{.name = "a"}, {.name = "a"}})), "archive_duplicate");
  EXPECT_EQ(reason_of(raw_zip({{.name = "a/Key"}, {.name = "a/kEY"}})), "archive_duplicate");
  EXPECT_EQ(reason_of(raw_zip({{.name = "a/x"}, {.name = "A/y"}})), "archive_duplicate");
  EXPECT_EQ(reason_of(raw_zip({{.name = "a"}, {.name = "a/b"}})), "archive_duplicate");
  EXPECT_EQ(reason_of(raw_zip({{.name = "a/b"}, {.name = "a"}})), "archive_duplicate");
  EXPECT_EQ(reason_of(raw_zip({{.name = "a/", .content = "", .mode = 040755},
                               {.name = "a/", .content = "", .mode = 040755}})),
            "archive_duplicate");
}

TEST(HostileArchive, N60_WithADirectoryTwiceBehindItsFileIsRefused) {
  const RawEntry file{.name = "a/x"}, directory{.name = "a/", .content = "", .mode = 040755};

  EXPECT_EQ(reason_of(raw_zip({file, directory})), "");
  EXPECT_EQ(reason_of(raw_zip({file, directory, directory})), "archive_duplicate");
}

TEST(HostileArchive, N60_WithTooManyEntriesIsRefused) {
  EXPECT_EQ(reason_of(raw_zip(files(255))), "");
  EXPECT_EQ(reason_of(raw_zip(files(256))), "");
  EXPECT_EQ(reason_of(raw_zip(files(257))), "archive_too_many");
}

TEST(HostileArchive, N60_WithTooMuchInAllItsFilesIsRefused) {
  const auto both = [](size_t size) {
    return raw_zip(
        {{.name = "a", .content = std::string(1000, 'a')}, {.name = "b", .content = std::string(size, 'b')}});
  };

  EXPECT_EQ(reason_of(both(999), {.expanded = 2000}), "");
  EXPECT_EQ(reason_of(both(1000), {.expanded = 2000}), "");
  EXPECT_EQ(reason_of(both(1001), {.expanded = 2000}), "archive_too_large");
}

/// Deflated zeros, a thousand to one.
base::Bytes bomb(size_t size) {
  const support::TempDir folder;
  std::vector<ArchiveEntry> entries;
  entries.push_back({"zeros", 0644, base::Secret(size)});
  EXPECT_TRUE(write_archive(folder.path() / "bomb.zip", entries, 0600));
  return base::to_bytes(support::read_text(folder.path() / "bomb.zip"));
}

TEST(HostileArchive, N60_ThatIsABombIsRefusedAtItsLimit) {
  const base::Bytes archive = bomb(16 << 20);
  ASSERT_LT(archive.size(), 64u * 1024);

  EXPECT_EQ(reason_of(archive), "");
  EXPECT_EQ(reason_of(archive, {.expanded = (16 << 20) - 1}), "archive_too_large");
}

TEST(HostileArchive, N60_ThatIsABombAndSaysItIsSmallIsRefused) {
  base::Bytes archive = bomb(16 << 20);
  support::put_number(archive, support::list_of(archive) + 24, 10, 4);

  EXPECT_NE(reason_of(archive), "");
  EXPECT_NE(reason_of(archive, {.expanded = 1000}), "");
}

TEST(HostileArchive, N60_ThatIsEncryptedIsRefused) {
  EXPECT_EQ(reason_of(raw_zip({{.name = "a", .content = std::string(40, 'x'), .flags = 1}})),
            "archive_encrypted");
}

TEST(HostileArchive, N60_InARareMethodIsRefused) {
  for (const uint16_t method : std::initializer_list<uint16_t>{1, 6, 9, 12, 14, 93, 95, 98})
    EXPECT_EQ(reason_of(raw_zip({{.name = "a", .content = std::string(40, 'x'), .method = method}})),
              "archive_unsupported")
        << method;
}

TEST(HostileArchive, N60_WithAWrongChecksumOrLengthIsRefused) {
  EXPECT_EQ(reason_of(raw_zip({{.name = "a", .crc_error = 1}})), "archive_malformed");
  EXPECT_EQ(reason_of(raw_zip({{.name = "a", .content = "four", .said_size = 3}})), "archive_malformed");
  EXPECT_EQ(reason_of(raw_zip({{.name = "a", .content = "four", .said_size = 5}})), "archive_malformed");
}

TEST(HostileArchive, N60_WithTwoChecksumsOfAFileIsRefused) {
  base::Bytes archive = raw_zip({{.name = "a"}});
  support::put_number(archive, 14, 1, 4);

  EXPECT_EQ(reason_of(archive), "archive_malformed");
}

/// What is wrong with the list is found before libarchive sees anything.
TEST(HostileArchive, N60_WithADamagedListIsRefused) {
  const base::Bytes good = raw_zip({{.name = "a"}, {.name = "b"}});
  const auto says_damaged = [](const base::Bytes& archive) {
    const auto read = read_archive(archive, "a.zip");
    return !read && read.error().text.find("its list of files is damaged") != std::string::npos;
  };
  base::Bytes other_mark = good, long_name = good, fewer = good, more = good, longer = good;
  support::put_number(other_mark, support::list_of(good), 0, 4);
  support::put_number(long_name, support::list_of(good) + 28, 0xffff, 2);
  support::put_number(fewer, good.size() - 14, 0x00010001, 4);
  support::put_number(more, good.size() - 14, 0x00030003, 4);
  longer.insert(longer.end() - 22, {'x', 'y', 'z'});
  support::put_number(longer, longer.size() - 10, 2 * 47 + 3, 4);

  for (const base::Bytes& archive : {other_mark, long_name, fewer, more, longer})
    EXPECT_TRUE(says_damaged(archive)) << base::hex(archive);
}

TEST(HostileArchive, N60_WhoseListNamesOtherFilesIsRefused) {
  EXPECT_EQ(reason_of(raw_zip({{.name = "a", .listed = "b"}})), "archive_malformed");
}

TEST(HostileArchive, N60_WithADirectoryThatHasContentIsRefused) {
  EXPECT_EQ(reason_of(raw_zip({{.name = "a/", .content = "hidden", .mode = 040755}})), "archive_malformed");
}

TEST(HostileArchive, N60_ThatWasCutOffIsRefused) {
  const base::Bytes whole = raw_zip({{.name = "a", .content = "some content"}, {.name = "b"}});

  for (size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(reason_of(base::to_bytes(base::ByteView(whole).first(size))), "archive_malformed") << size;
}

TEST(HostileArchive, N60_WithSomethingBeforeOrBehindItIsRefused) {
  const base::Bytes whole = raw_zip({{.name = "a"}});
  base::Bytes before = base::to_bytes("#!/bin/sh\n"), behind = whole;
  base::append(before, whole);
  behind.push_back('\n');
  base::Bytes commented = whole;
  support::put_number(commented, commented.size() - 2, 4, 2);
  EXPECT_EQ(reason_of(commented), "archive_malformed");
  base::append(commented, base::as_bytes("note"));

  EXPECT_EQ(reason_of(before), "archive_malformed");
  EXPECT_EQ(reason_of(behind), "archive_malformed");
  EXPECT_EQ(reason_of(commented), "archive_malformed");
}

TEST(HostileArchive, N60_ThatCountsWhatStandsBeforeItIsRefused) {
  const base::Bytes good = raw_zip({{.name = "a"}});
  base::Bytes archive = base::to_bytes("#!/bin/sh\n");
  const auto added = static_cast<uint32_t>(archive.size());
  base::append(archive, good);
  const auto list = static_cast<uint32_t>(support::list_of(good)) + added;
  support::put_number(archive, list + 42, added, 4);
  support::put_number(archive, archive.size() - 6, list, 4);

  EXPECT_EQ(reason_of(archive), "archive_malformed");
}

TEST(HostileArchive, N60_InSeveralPartsIsRefused) {
  const base::Bytes good = raw_zip({{.name = "a"}});
  base::Bytes second_part = good, listed_elsewhere = good;
  support::put_number(second_part, good.size() - 18, 1, 2);
  support::put_number(listed_elsewhere, good.size() - 14, 0, 2);

  EXPECT_EQ(reason_of(second_part), "archive_unsupported");
  EXPECT_EQ(reason_of(listed_elsewhere), "archive_unsupported");
}

TEST(HostileArchive, N60_ThatClaimsTheLargestCountIsRefused) {
  base::Bytes archive = raw_zip({{.name = "a"}});
  support::put_number(archive, archive.size() - 14, 0xffffffff, 4);

  EXPECT_EQ(reason_of(archive), "archive_unsupported");
}

TEST(HostileArchive, N60_OfAnotherFormatIsRefused) {
  base::Bytes tar(10240, 0);
  base::copy(base::as_bytes("a"), tar);
  base::copy(base::as_bytes("ustar"), base::MutableByteView(tar).subspan(257));

  EXPECT_EQ(reason_of(tar), "archive_malformed");
  EXPECT_EQ(reason_of(base::to_bytes("7z\xbc\xaf\x27\x1c and more than twenty-two bytes")),
            "archive_malformed");
}

TEST(HostileArchive, WithAnyByteChangedGivesNothingThatWasNotThere) {
  const base::Bytes whole = raw_zip({{.name = "startup/a", .content = "some content"}, {.name = "b"}});

  for (size_t at = 0; at < whole.size(); ++at)
    for (const uint8_t change : std::initializer_list<uint8_t>{0x01, 0x80, 0xff}) {
      base::Bytes changed = whole;
      changed.at(at) ^= change;
      const auto read = read_archive(changed, "a.zip");
      if (!read) continue;
      for (const ArchiveEntry& entry : *read)
        EXPECT_TRUE(base::to_text(entry.content.expose()) == "some content" ||
                    base::to_text(entry.content.expose()) == "x")
            << at;
    }
}

class ArchiveFile : public testing::Test {
 protected:
  const support::TempDir folder_;
  const fs::path zip_ = folder_.path() / "a.zip";
};

TEST_F(ArchiveFile, ThatIsNotThereIsRefused) {
  EXPECT_EQ(reason_of(read_archive(zip_)), "archive_not_found");
}

TEST_F(ArchiveFile, ThatIsADirectoryOrAPipeIsRefusedWithoutWaiting) {
  ASSERT_EQ(::mkfifo(zip_.c_str(), 0600), 0);

  EXPECT_EQ(reason_of(read_archive(zip_)), "archive_not_found");
  EXPECT_EQ(reason_of(read_archive(folder_.path())), "archive_not_found");
}

TEST_F(ArchiveFile, ThatIsASymbolicLinkIsRefused) {
  const fs::path real = folder_.path() / "real.zip";
  support::write_text(real, base::as_text(raw_zip({{.name = "a"}})));
  ASSERT_EQ(::symlink(real.c_str(), zip_.c_str()), 0);

  EXPECT_EQ(reason_of(read_archive(real)), "");
  EXPECT_EQ(reason_of(read_archive(zip_)), "archive_link");
}

TEST_F(ArchiveFile, ThatIsHugeIsRefusedUnread) {
  support::write_text(zip_, "PK");
  ASSERT_EQ(::truncate(zip_.c_str(), 1LL << 40), 0);

  EXPECT_EQ(reason_of(read_archive(zip_)), "archive_too_large");
}

}  // namespace
}  // namespace fairlead::kit

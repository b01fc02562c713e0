#include "kit/archive_directory.hpp"

#include <sys/stat.h>

#include "kit/archive_rules.hpp"

namespace fairlead::kit {
namespace {

// APPNOTE.TXT 4.3.7, 4.3.12 and 4.3.16; integers are little-endian there.
constexpr uint32_t kEntryMark = 0x04034b50, kListedMark = 0x02014b50, kEndMark = 0x06054b50;
constexpr size_t kEndSize = 22, kListedSize = 46;

uint32_t number(base::ByteView from, size_t at, size_t size) noexcept {
  uint32_t value = 0;
  for (size_t i = size; i > 0; --i) value = (value << 8) | from[at + i - 1];
  return value;
}

/// Where the list is and how many entries it has.
struct End {
  base::ByteView list;
  size_t count = 0;
};

base::Result<End> read_end(base::ByteView archive, const std::filesystem::path& zip) {
  if (archive.size() < kEndSize)
    return archive_defect("archive_malformed", zip, "is too short for a zip archive");
  const base::ByteView end = archive.last(kEndSize);
  if (number(end, 0, 4) != kEndMark || number(end, 20, 2) != 0)
    return archive_defect("archive_malformed", zip,
                          "does not end like a zip archive: it was cut off, or something was added");
  const uint32_t count = number(end, 10, 2);
  if (number(end, 4, 4) != 0 || number(end, 8, 2) != count || count == 0xffff)
    return archive_defect("archive_unsupported", zip, "is an archive in several parts, or a huge one");
  const size_t size = number(end, 12, 4), at = number(end, 16, 4);
  if (at + size != archive.size() - kEndSize)
    return archive_defect("archive_malformed", zip, "its list of files is not where the archive says");
  if (count > 0 && number(archive, 0, 4) != kEntryMark)
    return archive_defect("archive_malformed", zip, "does not begin like a zip archive");
  return End{archive.subspan(at, size), count};
}

/// `from`: one record of the list, whole.
ListedEntry read_entry(base::ByteView from, size_t name_size) {
  const bool by_unix = number(from, 5, 1) == 3;
  const uint32_t type = by_unix ? number(from, 40, 2) & S_IFMT : 0;
  return {base::to_text(from.subspan(kListedSize, name_size)), type, number(from, 24, 4)};
}

}  // namespace

base::Result<std::vector<ListedEntry>> listed_entries(base::ByteView archive,
                                                      const std::filesystem::path& zip) {
  FAIRLEAD_TRY(const End end, read_end(archive, zip));
  std::vector<ListedEntry> entries;
  base::ByteView rest = end.list;
  while (rest.size() >= kListedSize && number(rest, 0, 4) == kListedMark) {
    const size_t name = number(rest, 28, 2);
    const size_t all = kListedSize + name + number(rest, 30, 2) + number(rest, 32, 2);
    if (all > rest.size()) break;
    entries.push_back(read_entry(rest, name));
    rest = rest.subspan(all);
  }
  if (!rest.empty() || entries.size() != end.count)
    return archive_defect("archive_malformed", zip, "its list of files is damaged");
  return entries;
}

}  // namespace fairlead::kit

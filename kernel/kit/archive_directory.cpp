#include "kit/archive_directory.hpp"

#include <algorithm>

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
  if (count > 0 && (at < 4 || number(archive, 0, 4) != kEntryMark))
    return archive_defect("archive_malformed", zip, "does not begin like a zip archive");
  return End{archive.subspan(at, size), count};
}

}  // namespace

base::Result<std::vector<std::string>> listed_names(base::ByteView archive,
                                                    const std::filesystem::path& zip) {
  FAIRLEAD_TRY(const End end, read_end(archive, zip));
  std::vector<std::string> names;
  base::ByteView rest = end.list;
  while (rest.size() >= kListedSize && number(rest, 0, 4) == kListedMark) {
    const size_t name = number(rest, 28, 2);
    const size_t all = kListedSize + name + number(rest, 30, 2) + number(rest, 32, 2);
    if (all > rest.size()) break;
    names.push_back(base::to_text(rest.subspan(kListedSize, name)));
    if (names.back().ends_with('/')) names.back().pop_back();
    rest = rest.subspan(all);
  }
  if (!rest.empty() || names.size() != end.count)
    return archive_defect("archive_malformed", zip, "its list of files is damaged");
  std::ranges::sort(names);
  return names;
}

}  // namespace fairlead::kit

/// The list at the end of a zip file, for a second look at what libarchive made of it.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace fairlead::kit {

/// What the list says of one entry.
struct ListedEntry {
  std::string name;   ///< raw bytes; a directory's ends with '/'
  uint32_t type = 0;  ///< Unix file type (S_IFMT); 0: the archive's maker had none
  uint32_t size = 0;  ///< bytes it claims to expand to

  bool is_directory() const noexcept { return name.ends_with('/'); }
};

/// The list, in its order. archive_malformed unless the file begins with its first entry and ends with the
/// list, without a comment; archive_unsupported for an archive in several parts or one with more than 65534
/// entries.
base::Result<std::vector<ListedEntry>> listed_entries(base::ByteView archive,
                                                      const std::filesystem::path& zip);

}  // namespace fairlead::kit

/// The list at the end of a zip file, for a second look at what libarchive made of it.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace fairlead::kit {

/// The names as the list spells them, sorted, without a '/' at the end. archive_malformed unless the file
/// begins with its first entry and ends with the list, without a comment; archive_unsupported for an archive
/// in several parts or one with more than 65534 entries.
base::Result<std::vector<std::string>> listed_names(base::ByteView archive, const std::filesystem::path& zip);

}  // namespace fairlead::kit

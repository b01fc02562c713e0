/// A kit without its keys as the entries of an archive: what an approval is. Used by approve and install.
#pragma once
#include <filesystem>
#include <vector>

#include "base/result.hpp"
#include "kit/archive.hpp"

namespace fairlead::provision {

/// startup/ without keys and local/ of a kit. What Folder says of unsafe files.
base::Result<std::vector<kit::ArchiveEntry>> keyless_entries(const std::filesystem::path& kit);

/// Refuses (reason approval_malformed, origin `origin`) entries that are not files directly in startup/ or
/// local/, or that are private keys: those never travel.
base::Status check_keyless_entries(const std::vector<kit::ArchiveEntry>& entries, const std::string& origin);

/// The content of the entry with that path; null when there is none.
const kit::ArchiveEntry* find_entry(const std::vector<kit::ArchiveEntry>& entries, std::string_view path);

}  // namespace fairlead::provision

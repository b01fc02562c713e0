#include "provision/kit_entries.hpp"

#include <algorithm>
#include <system_error>

#include "kit/folder.hpp"

namespace fairlead::provision {
namespace {

namespace fs = std::filesystem;

base::Status add_folder(const fs::path& kit, const std::string& name, std::vector<kit::ArchiveEntry>& to) {
  std::error_code ignored;
  if (!fs::exists(kit / name, ignored)) return {};
  FAIRLEAD_TRY(const kit::Folder folder, kit::Folder::open(kit / name));
  FAIRLEAD_TRY(const std::vector<std::string> files, folder.file_names());
  for (const std::string& file : files) {
    if (file.ends_with(".key")) continue;
    FAIRLEAD_TRY(const kit::Folder::Content content, folder.read(file));
    to.push_back({(fs::path(name) / file).string(), 0644, base::Secret(content.bytes)});
  }
  return {};
}

bool is_expected_path(const std::string& path) {
  for (const std::string_view folder : {"startup/", "local/"})
    if (path.starts_with(folder) && path.size() > folder.size())
      return path.find('/', folder.size()) == std::string::npos && path[folder.size()] != '.';
  return false;
}

bool holds_key(const kit::ArchiveEntry& entry) {
  return entry.path.ends_with(".key") ||
         base::as_text(entry.content.expose()).find("PRIVATE KEY-----") != std::string_view::npos;
}

tl::unexpected<base::Error> malformed(const std::string& origin, std::string text) {
  return tl::unexpected<base::Error>(base::Error{base::ErrorCode::refused, std::move(text),
                                                 "ask for the answer of `fairlead cert approve`", origin,
                                                 "approval_malformed"});
}

}  // namespace

base::Result<std::vector<kit::ArchiveEntry>> keyless_entries(const fs::path& kit) {
  std::vector<kit::ArchiveEntry> entries;
  FAIRLEAD_TRY(add_folder(kit, "startup", entries));
  FAIRLEAD_TRY(add_folder(kit, "local", entries));
  return entries;
}

base::Status check_keyless_entries(const std::vector<kit::ArchiveEntry>& entries, const std::string& origin) {
  for (const kit::ArchiveEntry& entry : entries) {
    if (!is_expected_path(entry.path)) return malformed(origin, entry.path + " is not part of an approval");
    if (holds_key(entry))
      return malformed(origin, entry.path + " holds a private key, which must never travel");
  }
  return {};
}

const kit::ArchiveEntry* find_entry(const std::vector<kit::ArchiveEntry>& entries, std::string_view path) {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const kit::ArchiveEntry& entry) { return entry.path == path; });
  return found == entries.end() ? nullptr : &*found;
}

}  // namespace fairlead::provision

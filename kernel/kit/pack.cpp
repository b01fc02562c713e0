#include "kit/pack.hpp"

#include <algorithm>

#include "kit/archive.hpp"
#include "kit/defect.hpp"
#include "kit/delegated.hpp"
#include "kit/durable.hpp"
#include "kit/folder.hpp"

namespace fairlead::kit {
namespace {

namespace fs = std::filesystem;

constexpr size_t kLargestLocalFile = 16 * 1024 * 1024;  // a plugin of the site's own, for example

/// One file, through the checks that its kind has.
base::Result<ArchiveEntry> read_entry(const Folder& from, const std::string& name,
                                      const std::string& path_in_archive) {
  if (name.ends_with(".key")) {
    FAIRLEAD_TRY(base::Secret key, from.read_key(name));
    return ArchiveEntry{path_in_archive, kKeyMode, std::move(key)};
  }
  FAIRLEAD_TRY(Folder::Content content, from.read(name, kLargestLocalFile));
  ArchiveEntry entry{path_in_archive, content.mode, base::Secret(base::ByteView(content.bytes))};
  base::wipe(content.bytes);  // what a site keeps in local/ may be secret, too
  return entry;
}

tl::unexpected<base::Error> cannot_list(const fs::path& folder, const std::error_code& error) {
  return defect("kit_missing_file", folder, "cannot list the directory: " + error.message(),
                "make it readable");
}

/// Every file below `top`, sorted; links and devices are refused, not followed.
base::Result<std::vector<fs::path>> files_below(const fs::path& top) {
  std::error_code error;
  std::vector<fs::path> files;
  fs::recursive_directory_iterator at(top, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    const fs::file_type type = at->symlink_status(error).type();
    if (type == fs::file_type::directory) continue;
    if (type != fs::file_type::regular)
      return defect("kit_symlink", at->path(), "this is a symbolic link or a device, which is not packed",
                    "put the file itself in its place, or move it away");
    files.push_back(at->path());
  }
  if (error) return cannot_list(top, error);
  std::ranges::sort(files);
  return files;
}

/// KIT/NAME with everything below it, when it is there.
base::Status add_folder(const fs::path& kit, const char* name, std::vector<ArchiveEntry>& to) {
  std::error_code ignored;
  if (!fs::exists(fs::symlink_status(kit / name, ignored))) return {};
  FAIRLEAD_TRY(const Folder top, Folder::open(kit / name));
  FAIRLEAD_TRY(const std::vector<fs::path> files, files_below(top.path()));
  for (const fs::path& file : files) {
    FAIRLEAD_TRY(const Folder from, Folder::open(file.parent_path()));
    FAIRLEAD_TRY(ArchiveEntry entry,
                 read_entry(from, file.filename().string(), file.lexically_relative(kit).generic_string()));
    to.push_back(std::move(entry));
  }
  return {};
}

}  // namespace

base::Result<Packed> pack_kit(const Kit& kit, const fs::path& zip) {
  std::vector<ArchiveEntry> entries;
  for (const char* const name : {"startup", kDelegationFolder, "local"})
    FAIRLEAD_TRY(add_folder(kit.path(), name, entries));
  const auto is_key = [](const ArchiveEntry& entry) { return entry.path.ends_with(".key"); };
  const auto keys = static_cast<size_t>(std::ranges::count_if(entries, is_key));
  FAIRLEAD_TRY(write_archive(zip, entries, kKeyMode));
  return Packed{entries.size(), keys};
}

}  // namespace fairlead::kit

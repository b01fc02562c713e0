#include "kit/unpack.hpp"

#include <algorithm>
#include <set>

#include "kit/archive_rules.hpp"
#include "kit/defect.hpp"
#include "kit/delegated.hpp"
#include "kit/durable.hpp"
#include "kit/manifest.hpp"

namespace fairlead::kit {
namespace {

namespace fs = std::filesystem;

constexpr const char* kWhatToInstall = "name a zip archive of one kit, such as `fairlead kit pack` makes";

/// "" or "site-1/" or "prod_00/site-1/": what stands in front of startup/manifest.json.
base::Result<std::string> prefix_of(const std::vector<ArchiveEntry>& entries, const fs::path& zip) {
  const std::string manifest = std::string("startup/") + kManifestFile;
  std::vector<std::string> prefixes;
  for (const ArchiveEntry& entry : entries)
    if (entry.path == manifest || entry.path.ends_with("/" + manifest))
      prefixes.push_back(entry.path.substr(0, entry.path.size() - manifest.size()));
  if (prefixes.empty())
    return defect("kit_missing_file", zip, "holds no kit: there is no " + manifest, kWhatToInstall);
  if (prefixes.size() > 1)
    return defect("kit_mixed", zip, "holds " + std::to_string(prefixes.size()) + " kits", kWhatToInstall);
  return prefixes.front();
}

enum class Belongs { to_kit, to_site, nowhere };

/// `path` from the kit's folder on.
Belongs judge(std::string_view path) {
  const size_t slash = path.find('/');
  if (slash == std::string_view::npos) return Belongs::nowhere;
  const std::string_view top = path.substr(0, slash);
  const bool is_deeper = path.find('/', slash + 1) != std::string_view::npos;
  if (top == "startup" || top == kDelegationFolder) return is_deeper ? Belongs::nowhere : Belongs::to_kit;
  if (top == "local") return Belongs::to_kit;
  return top == "state" || top == "transfer" ? Belongs::to_site : Belongs::nowhere;
}

uint32_t mode_of(const std::string& path) {
  const bool is_private = path.ends_with(".key") || path.starts_with(std::string(kDelegationFolder) + "/");
  return is_private ? kKeyMode : kFileMode;
}

}  // namespace

base::Result<KitFiles> find_kit(std::vector<ArchiveEntry> entries, const fs::path& zip) {
  FAIRLEAD_TRY(const std::string prefix, prefix_of(entries, zip));
  KitFiles found;
  for (ArchiveEntry& entry : entries) {
    const bool is_inside = entry.path.starts_with(prefix);
    const Belongs belongs = is_inside ? judge(entry.path.substr(prefix.size())) : Belongs::nowhere;
    if (belongs == Belongs::nowhere)
      return defect("kit_extra_file", zip, shown_name(entry.path) + " is not part of a kit", kWhatToInstall);
    if (belongs == Belongs::to_site) {
      found.left_out.push_back(entry.path);
      continue;
    }
    entry.path.erase(0, prefix.size());
    found.files.push_back(std::move(entry));
  }
  return found;
}

base::Status unpack(const std::vector<ArchiveEntry>& files, const fs::path& folder) {
  std::set<fs::path> folders{folder / "local", folder / "transfer"};
  for (const ArchiveEntry& file : files)
    for (fs::path at = (folder / file.path).parent_path(); at != folder; at = at.parent_path())
      folders.insert(at);
  for (const fs::path& one : folders) FAIRLEAD_TRY(make_folder(one));  // sorted: parents first
  for (const ArchiveEntry& file : files)
    FAIRLEAD_TRY(write_new_file(folder / file.path, file.content.expose(), mode_of(file.path)));
  for (const fs::path& one : folders) FAIRLEAD_TRY(sync_folder(one));
  return sync_folder(folder);
}

}  // namespace fairlead::kit

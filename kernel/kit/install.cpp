#include "kit/install.hpp"

#include <stdlib.h>

#include <algorithm>
#include <cerrno>

#include "kit/archive.hpp"
#include "kit/defect.hpp"
#include "kit/durable.hpp"
#include "kit/exchange.hpp"
#include "kit/unpack.hpp"
#include "kit/version_memory.hpp"

namespace fairlead::kit {
namespace {

namespace fs = std::filesystem;

/// A folder of its own, mode 0700, removed with everything that is still in it.
class TemporaryFolder {
 public:
  static base::Result<TemporaryFolder> make_in(const fs::path& parent) {
    std::string pattern = (parent / ".fairlead-install.XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
      return base::fail(base::ErrorCode::failed,
                        "cannot make a directory in " + parent.string() + ": " + errno_text(errno),
                        "check that the directory exists and is writable");
    return TemporaryFolder(pattern);
  }
  TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  const fs::path& path() const noexcept { return path_; }
  /// It has another name now.
  void release() noexcept { path_.clear(); }

 private:
  explicit TemporaryFolder(fs::path path) noexcept : path_(std::move(path)) {}
  fs::path path_;
};

/// Whoever made the archive is to blame, not a folder that is gone when this is read.
tl::unexpected<base::Error> blame_archive(base::Error error, const fs::path& zip) {
  if (error.code == base::ErrorCode::bad_configuration) {
    error.origin = zip.string() + ":1:1";
    error.hint = "get the archive again from who made it";
  }
  return tl::unexpected(std::move(error));
}

base::Result<Kit> verify(const fs::path& folder, const InstallOrder& order) {
  auto kit = Kit::open(folder, VersionMemory::only_check);
  if (!kit) return blame_archive(std::move(kit).error(), order.zip);
  const std::string root = base::hex(kit->root().sha256());
  if (!order.root_sha256.empty() && order.root_sha256 != root)
    return defect("kit_wrong_root", order.zip,
                  "the root of this kit's project has sha256 " + root + ", expected " + order.root_sha256,
                  "do not use it; ask the project's administrator for the fingerprint and for the kit");
  return kit;
}

/// Without a '/' at the end, so that a name can be put beside it.
fs::path plain(const fs::path& folder) {
  fs::path path = folder.lexically_normal();
  return path.has_filename() ? path : path.parent_path();
}

fs::path parent_of(const fs::path& folder) { return folder.has_parent_path() ? folder.parent_path() : "."; }

tl::unexpected<base::Error> not_replaced(const fs::path& folder, const char* reason, std::string text) {
  return tl::unexpected<base::Error>(base::Error{base::ErrorCode::refused,
                                                 folder.string() + " is there already: " + std::move(text),
                                                 "name another folder with -o, or move this one away",
                                                 {},
                                                 reason});
}

/// Any root signs any name: only the rules for names keep it from being a path.
base::Result<fs::path> default_folder(const KitSettings& settings, const fs::path& zip) {
  const base::Status good = base::check_participant_name(settings.type, settings.name);
  if (good && !settings.name.starts_with('.')) return fs::path(".") / settings.name;
  return defect("kit_bad_settings", zip, "the participant's name is no good name for a folder",
                "name the folder with -o");
}

/// Against the newest version that ran there. Gives what taking its place would change.
base::Result<InstallChange> compare_with_memory(const fs::path& folder, const Kit& fresh) {
  const KitSettings& settings = fresh.settings();
  const SeenVersion version{settings.kit_id, base::hex(fresh.root().sha256()), settings.kit_version};
  FAIRLEAD_TRY(check_version(folder, version, VersionMemory::only_check));
  return InstallChange::upgraded;
}

/// May `fresh` take the place of the kit in `folder`? Gives what that would change.
base::Result<InstallChange> compare(const fs::path& folder, const Kit& fresh, const fs::path& zip) {
  if (is_delegated(folder) || fresh.delegation() != nullptr)
    return not_replaced(folder, "file_exists", "delegated kits are not upgraded");
  const auto there = Kit::open(folder, VersionMemory::only_check);
  // An older one was put back after a newer one had run: the newest one repairs that.
  if (!there && there.error().reason == "kit_older_version") return compare_with_memory(folder, fresh);
  if (!there) return not_replaced(folder, "file_exists", "it holds no sound kit: " + there.error().text);
  const KitSettings &now = there->settings(), &then = fresh.settings();
  if (now.kit_id != then.kit_id || there->root().sha256() != fresh.root().sha256())
    return not_replaced(
        folder, "kit_mixed",
        "kit of " + now.name + " in project " + now.project + ", not an older version of " + "this one");
  if (then.kit_version < now.kit_version)
    return defect("kit_older_version", zip,
                  "version " + std::to_string(then.kit_version) + " is older than version " +
                      std::to_string(now.kit_version) + " in " + folder.string(),
                  "install the newest kit that provision made");
  if (then.kit_version == now.kit_version) return InstallChange::nothing;
  return compare_with_memory(folder, fresh);
}

/// Decides and exchanges while no other installation does.
base::Result<InstallChange> upgrade(const Kit& fresh, const fs::path& folder, const fs::path& zip) {
  const auto lock = lock_kit(folder);
  if (!lock) return not_replaced(folder, "file_exists", lock.error().text);
  FAIRLEAD_TRY(const InstallChange change, compare(folder, fresh, zip));
  if (change == InstallChange::upgraded)
    FAIRLEAD_TRY(put_in_place(fresh.path() / "startup", folder / "startup"));
  return change;
}

base::Result<InstallChange> give_place(const Kit& fresh, TemporaryFolder& temporary, const fs::path& folder,
                                       const fs::path& zip) {
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(folder, ignored))) return upgrade(fresh, folder, zip);
  FAIRLEAD_TRY(rename_to_new(temporary.path(), folder));
  temporary.release();
  return InstallChange::installed;
}

}  // namespace

const char* name(InstallChange change) noexcept {
  switch (change) {
    case InstallChange::installed:
      return "installed";
    case InstallChange::upgraded:
      return "upgraded";
    case InstallChange::nothing:
      return "nothing";
  }
  return "";
}

base::Result<Installed> install_kit(const InstallOrder& order) {
  FAIRLEAD_TRY(std::vector<ArchiveEntry> entries, read_archive(order.zip));
  FAIRLEAD_TRY(KitFiles found, find_kit(std::move(entries), order.zip));
  const fs::path wanted = plain(order.folder);
  const fs::path parent = order.folder.empty() ? fs::path(".") : parent_of(wanted);
  FAIRLEAD_TRY(TemporaryFolder temporary, TemporaryFolder::make_in(parent));
  FAIRLEAD_TRY(unpack(found.files, temporary.path()));
  FAIRLEAD_TRY(const Kit fresh, verify(temporary.path(), order));
  fs::path folder = wanted;
  if (order.folder.empty()) {
    FAIRLEAD_TRY(folder, default_folder(fresh.settings(), order.zip));
  }
  FAIRLEAD_TRY(const InstallChange change, give_place(fresh, temporary, folder, order.zip));
  FAIRLEAD_TRY(Kit kit, Kit::open(folder, VersionMemory::only_check));
  return Installed{change, std::move(kit), std::move(found.left_out)};
}

base::Result<std::string> parse_fingerprint(std::string_view text) {
  std::string digits;
  for (size_t i = 0; i < text.size(); ++i)
    if (text[i] != ':' || i % 3 != 2) digits += text[i];
  const bool is_whole = digits.size() == 64 && (text.size() == 64 || text.size() == 95);
  const auto bytes = is_whole ? base::from_hex(digits) : std::nullopt;
  if (bytes) return base::hex(*bytes);
  return base::fail(base::ErrorCode::bad_arguments, "a fingerprint is 64 hexadecimal digits (SHA-256)",
                    "copy the line that `fairlead provision` printed, with or without colons");
}

}  // namespace fairlead::kit

#include "kit/version_memory.hpp"

#include <system_error>

#include "base/json.hpp"
#include "kit/defect.hpp"
#include "kit/durable.hpp"
#include "kit/folder.hpp"

namespace fairlead::kit {
namespace {

constexpr const char* kVersionFile = "version";

/// Nothing when no kit has run here yet.
base::Result<std::optional<SeenVersion>> read_seen(const std::filesystem::path& state) {
  const std::filesystem::path file = state / kVersionFile;
  std::error_code error;
  const auto status = std::filesystem::symlink_status(file, error);
  if (status.type() == std::filesystem::file_type::not_found) return std::nullopt;
  const std::string repair = "delete this file if the kit in startup/ is the one you want to run";
  FAIRLEAD_TRY(const Folder folder, Folder::open(state));
  FAIRLEAD_TRY(const Folder::Content content, folder.read(kVersionFile));
  const auto tree = base::Json::parse(base::as_text(content.bytes));
  if (!tree)
    return defect("kit_state", file, "the version last seen cannot be read: " + tree.error().text, repair);
  const int64_t version = (*tree)["version"].integer();
  if (version < 1) return defect("kit_state", file, "the version last seen cannot be read", repair);
  return SeenVersion{(*tree)["kit_id"].text(), (*tree)["root_sha256"].text(), static_cast<uint64_t>(version)};
}

base::Status write_seen(const std::filesystem::path& kit, const SeenVersion& now) {
  FAIRLEAD_TRY(const std::filesystem::path state, make_state_folder(kit));
  const base::Json tree = base::Json::object(
      {{"kit_id", now.kit_id}, {"root_sha256", now.root_sha256}, {"version", now.version}});
  const auto written = replace_file(state / kVersionFile, base::as_bytes(tree.dump() + "\n"), kFileMode);
  if (!written) return defect("kit_state", state / kVersionFile, written.error().text, written.error().hint);
  return {};
}

}  // namespace

base::Result<std::filesystem::path> make_state_folder(const std::filesystem::path& kit) {
  std::filesystem::path state = kit / "state";
  const auto made = make_folder(state);
  if (!made)
    return defect("kit_state", state, "cannot keep state: " + made.error().text,
                  "make the kit's directory writable");
  return state;
}

base::Status check_version(const std::filesystem::path& kit, const SeenVersion& now, VersionMemory memory) {
  FAIRLEAD_TRY(const auto seen, read_seen(kit / "state"));
  const std::filesystem::path manifest = kit / "startup" / "manifest.json";
  if (seen && (seen->kit_id != now.kit_id || seen->root_sha256 != now.root_sha256))
    return defect("kit_mixed", manifest,
                  "this is kit " + now.kit_id + ", but kit " + seen->kit_id + " ran here before",
                  "use a directory of its own, or delete state/ if the change is meant");
  if (seen && now.version < seen->version)
    return defect("kit_older_version", manifest,
                  "version " + std::to_string(now.version) + " is older than version " +
                      std::to_string(seen->version) + ", which ran here before",
                  "install the newest kit that provision made");
  const bool newer = !seen || now.version > seen->version;
  return newer && memory == VersionMemory::remember ? write_seen(kit, now) : base::Status{};
}

}  // namespace fairlead::kit

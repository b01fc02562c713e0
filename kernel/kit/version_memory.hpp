/// The newest version of a kit that ran in this place: an older one that is put back is refused.
#pragma once
#include <filesystem>

#include "base/result.hpp"
#include "kit/kit.hpp"

namespace fairlead::kit {

/// What is remembered in KIT/state/version.
struct SeenVersion {
  std::string kit_id;
  std::string root_sha256;
  uint64_t version = 0;
};

/// Compares with KIT/state/version: kit_older_version, kit_mixed (another participant's or project's kit was
/// put in its place) or kit_state (unreadable). With VersionMemory::remember a newer version is written down,
/// atomically.
base::Status check_version(const std::filesystem::path& kit, const SeenVersion& now, VersionMemory memory);

/// KIT/state, made when it is not there. kit_state when that is impossible.
base::Result<std::filesystem::path> make_state_folder(const std::filesystem::path& kit);

}  // namespace fairlead::kit

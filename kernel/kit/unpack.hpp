/// The files of a kit inside an archive, and how they get into a folder. Used by install.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "kit/archive.hpp"

namespace fairlead::kit {

/// The part of an archive that is a kit, and what else is in a kit's folder.
struct KitFiles {
  std::vector<ArchiveEntry> files;    ///< paths from the kit's folder on
  std::vector<std::string> left_out;  ///< state/ and transfer/, which belong to one site
};
/// Looks for the one kit of the archive `zip`, in whatever folder it is. kit_missing_file, kit_mixed
/// (several) or kit_extra_file.
base::Result<KitFiles> find_kit(std::vector<ArchiveEntry> entries, const std::filesystem::path& zip);

/// Writes the files below `folder`, which is there and empty: folders 0700, keys 0600, the rest 0644, all of
/// it on disk when this returns. failed.
base::Status unpack(const std::vector<ArchiveEntry>& files, const std::filesystem::path& folder);

}  // namespace fairlead::kit

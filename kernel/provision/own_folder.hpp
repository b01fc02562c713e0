/// Whose folders keys may be made in: the user's own, which nobody else can write to. Used for every folder
/// of a workspace, so that nobody swaps a file between two looks at it.
#pragma once
#include <filesystem>

#include "base/result.hpp"

namespace fairlead::provision {

/// May the folder's own name be a symbolic link? One of this user or of root may for what people name on the
/// command line; below that nothing is a link.
enum class OwnLink { refused, allowed };

/// A folder that is not there is no failure. Fails with bad_configuration: workspace_symlink,
/// workspace_wrong_owner, workspace_unsafe_mode (group or others may write; the hint is the chmod to type) or
/// workspace_not_folder. Thread rule: any thread.
base::Status check_own_folder(const std::filesystem::path& folder, OwnLink link = OwnLink::refused);

}  // namespace fairlead::provision

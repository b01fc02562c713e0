/// Exchanges two directories in one step, so that there is never a moment without one or with half of each.
/// Used where a kit's startup/ is replaced.
#pragma once
#include <filesystem>

#include "base/result.hpp"
#include "kit/descriptor.hpp"

namespace fairlead::kit {

/// Waits until nobody else replaces parts of this kit, and keeps everybody else waiting as long as the result
/// lives. failed when it is no directory that this user may read. Thread rule: any.
base::Result<Descriptor> lock_kit(const std::filesystem::path& kit);

/// Puts `fresh` into the place of `current`, durably; what was there is removed afterwards. Without `current`
/// it is a rename. Both must be below one directory. A crash leaves the one or the other, whole. failed, also
/// on file systems that cannot do it; then everything is as it was. Thread rule: any, one at a time for a
/// directory.
base::Status put_in_place(const std::filesystem::path& fresh, const std::filesystem::path& current);

}  // namespace fairlead::kit

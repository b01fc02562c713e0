/// Names for what is written beside its place before it gets there, and how what a killed writer left behind
/// is found: its writer holds a lock on it for as long as it lives. Used by durable.hpp and for delegated
/// kits.
#pragma once
#include <filesystem>

#include "base/result.hpp"
#include "kit/descriptor.hpp"

namespace fairlead::kit {

/// FOLDER/.NAME.tmp.PID for FOLDER/NAME.
std::filesystem::path temporary_beside(const std::filesystem::path& target);

/// Locks a new file or directory, so that nobody takes it for a leftover. False when somebody just did: then
/// it is gone and has to be made again. Thread rule: any thread.
bool hold(const Descriptor& made) noexcept;

/// Makes the directory temporary_beside(`target`) with mode 0700 and holds it; it is held until the result
/// is closed. Fails with failed.
base::Result<Descriptor> make_held_folder(const std::filesystem::path& target);

/// Removes every temporary_beside(`target`) whose writer is gone. What cannot be removed stays. Never
/// follows a symbolic link.
void sweep_leftovers(const std::filesystem::path& target);

}  // namespace fairlead::kit

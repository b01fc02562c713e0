/// Workspace: where a project's state and kits lie on disk, and the lock that lets one run at a time change
/// them.
#pragma once
#include <filesystem>
#include <map>
#include <string>

#include "base/result.hpp"
#include "kit/descriptor.hpp"

namespace fairlead::provision {

/// WORKSPACE/PROJECT. Holds state/, prod_00/, prod_01/, ...
class Workspace {
 public:
  Workspace(const std::filesystem::path& directory, const std::string& project)
      : folder_(directory / project) {}

  const std::filesystem::path& folder() const noexcept { return folder_; }
  std::filesystem::path state() const { return folder_ / "state"; }
  /// prod_NN, two digits or more.
  std::filesystem::path release(unsigned number) const;

  /// Makes the folder and takes the lock, which lasts as long as the result. Fails with refused and reason
  /// workspace_locked when another run holds it.
  base::Result<kit::Descriptor> lock() const;

  /// What earlier runs made.
  struct Releases {
    unsigned next = 0;                                    ///< number of the next prod_NN
    std::map<std::string, std::filesystem::path> newest;  ///< participant -> its newest kit
  };
  base::Result<Releases> releases() const;

 private:
  std::filesystem::path folder_;
};

}  // namespace fairlead::provision

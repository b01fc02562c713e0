/// Workspace: where a project's state and kits lie on disk, and the lock that lets one run at a time change
/// them.
#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "kit/descriptor.hpp"

namespace fairlead::provision {

/// WORKSPACE/PROJECT. Holds state/, crl.pem, prod_00/, prod_01/, ...
class Workspace {
 public:
  Workspace(const std::filesystem::path& directory, const std::string& project)
      : directory_(directory), folder_(directory / project) {}

  const std::filesystem::path& folder() const noexcept { return folder_; }
  std::filesystem::path state() const { return folder_ / "state"; }
  /// The revocation list as people copy it to kits.
  std::filesystem::path list_file() const { return folder_ / "crl.pem"; }
  /// prod_NN, two digits or more.
  std::filesystem::path release(unsigned number) const;

  /// DIR, DIR/PROJECT and its state, as far as they are there, must be the user's own: see
  /// check_own_folder().
  base::Status check() const;

  /// Makes the folder, checks it and takes the lock, which lasts as long as the result. Fails as check()
  /// does, and with refused and reason workspace_locked when another run holds it.
  base::Result<kit::Descriptor> lock() const;

  /// What earlier runs made.
  struct Releases {
    unsigned next = 0;                                    ///< number of the next prod_NN
    std::map<std::string, std::filesystem::path> newest;  ///< participant -> its newest kit
  };
  /// Fails as check_own_folder() does for every prod_NN and every kit.
  base::Result<Releases> releases() const;

 private:
  std::filesystem::path directory_;
  std::filesystem::path folder_;
};

/// The number in prod_NN; nothing for any other name.
std::optional<unsigned> release_number(const std::string& name);

/// What stands below WORKSPACE/PROJECT, links included, without looking at whose it is; nothing when it is
/// not there. Fails with failed.
base::Result<Workspace::Releases> list_releases(const std::filesystem::path& project);

/// The project in this workspace: `wanted` when it is there, else, when `wanted` is empty, the only one that
/// is. Fails with bad_arguments and the names there are.
base::Result<std::string> find_project(const std::filesystem::path& directory, const std::string& wanted);

}  // namespace fairlead::provision

/// Draft: the kits of one prod_NN while they are written. Used by provision and approve.
#pragma once
#include <filesystem>

#include "base/result.hpp"
#include "provision/workspace.hpp"

namespace fairlead::provision {

/// A folder beside its place; removed with everything in it unless it is published. One at a time in a
/// workspace: hold its lock.
class Draft {
 public:
  /// Removes what a crashed run left. failed.
  static base::Result<Draft> make(const Workspace& workspace);
  Draft(Draft&& other) noexcept;
  Draft& operator=(Draft&&) = delete;
  ~Draft();

  const std::filesystem::path& path() const noexcept { return path_; }
  /// Gives it its name, durably. failed.
  base::Status publish(const std::filesystem::path& to);

 private:
  explicit Draft(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace fairlead::provision

#include "provision/draft.hpp"

#include <system_error>
#include <utility>

#include "kit/durable.hpp"

namespace fairlead::provision {

namespace fs = std::filesystem;

base::Result<Draft> Draft::make(const Workspace& workspace) {
  const fs::path path = workspace.folder() / ".prod.tmp";
  FAIRLEAD_TRY(kit::remove_tree(path));  // what a crashed run left
  FAIRLEAD_TRY(kit::make_folder(path));
  return Draft(path);
}

Draft::Draft(Draft&& other) noexcept : path_(std::exchange(other.path_, {})) {}

Draft::~Draft() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

base::Status Draft::publish(const fs::path& to) {
  FAIRLEAD_TRY(kit::sync_folder(path_));
  FAIRLEAD_TRY(kit::rename_durably(path_, to));
  path_.clear();
  return {};
}

}  // namespace fairlead::provision

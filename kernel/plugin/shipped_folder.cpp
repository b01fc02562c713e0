#include "plugin/registry.hpp"

namespace fairlead::plugin {
namespace {

namespace fs = std::filesystem;

bool is_folder(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

/// PREFIX/lib/fairlead/plugins, or the same below the folder of a machine's libraries.
fs::path installed_below(const fs::path& libraries) {
  if (is_folder(libraries / "fairlead" / "plugins")) return libraries / "fairlead" / "plugins";
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(libraries, error))
    if (is_folder(entry.path() / "fairlead" / "plugins")) return entry.path() / "fairlead" / "plugins";
  return {};
}

}  // namespace

fs::path shipped_plugin_folder() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path here = program.parent_path(), above = here.parent_path();
  if (is_folder(above / "plugins")) return above / "plugins";
  if (is_folder(here / "plugins")) return here / "plugins";
  for (const char* libraries : {"lib", "lib64"})
    if (fs::path found = installed_below(above / libraries); !found.empty()) return found;
  return above / "lib" / "fairlead" / "plugins";
}

}  // namespace fairlead::plugin

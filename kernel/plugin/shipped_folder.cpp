#include <dlfcn.h>
#include <link.h>

#include "plugin/registry.hpp"

namespace fairlead::plugin {
namespace {

namespace fs = std::filesystem;

constexpr char kHere = 0;  // lies where this code lies

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

/// The shared library that holds this code; empty when it is part of the program.
fs::path own_library() {
  Dl_info info{};
  void* map = nullptr;
  if (::dladdr1(&kHere, &info, &map, RTLD_DL_LINKMAP) == 0 || map == nullptr) return {};
  std::error_code error;
  return fs::canonical(static_cast<const link_map*>(map)->l_name, error);
}

}  // namespace

fs::path shipped_plugin_folder() {
  std::error_code error;
  // A program that embeds a node stands anywhere, and may have a folder of plugins that are not ours.
  if (const fs::path library = own_library(); !library.empty()) {
    const fs::path here = library.parent_path();
    const fs::path built = here.parent_path() / "plugins";
    return is_folder(here / "fairlead" / "plugins") || !is_folder(built) ? here / "fairlead" / "plugins"
                                                                         : built;
  }
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path here = program.parent_path(), above = here.parent_path();
  if (is_folder(above / "plugins")) return above / "plugins";
  if (is_folder(here / "plugins")) return here / "plugins";
  for (const char* libraries : {"lib", "lib64"})
    if (fs::path found = installed_below(above / libraries); !found.empty()) return found;
  return above / "lib" / "fairlead" / "plugins";
}

}  // namespace fairlead::plugin

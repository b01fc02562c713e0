#include "elf_libraries.hpp"

#include <link.h>

#include <cstdlib>
#include <deque>
#include <optional>
#include <sstream>

namespace fairlead::check {
namespace {

namespace fs = std::filesystem;
using Folders = std::vector<fs::path>;

std::string replaced(std::string path, const std::string& origin) {
  for (const char* mark : {"${ORIGIN}", "$ORIGIN"}) {
    const size_t at = path.find(mark);
    if (at != std::string::npos) path.replace(at, std::string_view(mark).size(), origin);
  }
  return path;
}

int note_folder(dl_phdr_info* loaded, size_t, void* folders) {
  const fs::path path(loaded->dlpi_name);
  if (path.has_parent_path()) static_cast<Folders*>(folders)->push_back(path.parent_path());
  return 0;
}

/// Where this program's own libraries came from, and the usual places.
Folders usual_folders() {
  Folders folders;
  if (const char* listed = std::getenv("LD_LIBRARY_PATH")) {
    std::istringstream list(listed);
    for (std::string path; std::getline(list, path, ':');) folders.emplace_back(path);
  }
  ::dl_iterate_phdr(&note_folder, &folders);
#if defined(__aarch64__)
  const char* const triplet = "aarch64-linux-gnu";
#else
  const char* const triplet = "x86_64-linux-gnu";
#endif
  for (const char* root : {"/lib", "/usr/lib", "/usr/local/lib"}) folders.push_back(fs::path(root) / triplet);
  for (const char* path : {"/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib"})
    folders.emplace_back(path);
  return folders;
}

std::optional<fs::path> find_library(const std::string& library, const Folders& own, const Folders& usual) {
  std::error_code ignored;
  if (library.find('/') != std::string::npos)
    return fs::exists(library, ignored) ? std::optional<fs::path>(library) : std::nullopt;
  for (const Folders* folders : {&own, &usual})
    for (const fs::path& folder : *folders)
      if (fs::is_regular_file(folder / library, ignored)) return folder / library;
  return std::nullopt;
}

Folders own_folders(const ElfFile& file, const fs::path& folder) {
  Folders own;
  for (const std::string& path : file.search_paths()) own.emplace_back(replaced(path, folder.string()));
  return own;
}

}  // namespace

Offered offered_to(const ElfFile& plugin, const fs::path& folder) {
  const Folders usual = usual_folders();
  Offered offered;
  struct Wanted {
    std::string library;
    Folders own;
  };
  std::deque<Wanted> wanted;
  for (const std::string& library : plugin.needed()) wanted.push_back({library, own_folders(plugin, folder)});
  std::set<std::string> seen;
  for (; !wanted.empty(); wanted.pop_front()) {
    const Wanted next = wanted.front();
    if (!seen.insert(next.library).second) continue;
    const auto path = find_library(next.library, next.own, usual);
    if (!path) {
      offered.not_found.push_back(next.library);
      continue;
    }
    const ElfFile file(*path);
    for (const ElfSymbol& symbol : file.symbols())
      if (symbol.is_defined) offered.symbols.insert(symbol.name);
    for (const std::string& library : file.needed())
      wanted.push_back({library, own_folders(file, path->parent_path())});
  }
  return offered;
}

}  // namespace fairlead::check

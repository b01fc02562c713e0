#include "kit/leftovers.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <vector>

#include "kit/defect.hpp"
#include "kit/durable.hpp"

namespace fairlead::kit {
namespace {

namespace fs = std::filesystem;
constexpr int kTries = 3;

std::string prefix_of(const fs::path& target) { return "." + target.filename().string() + ".tmp."; }

fs::path folder_of(const fs::path& target) {
  return target.has_parent_path() ? target.parent_path() : fs::path(".");
}

bool is_temporary(const std::string& name, const std::string& prefix) {
  return name.size() > prefix.size() && name.starts_with(prefix) &&
         std::all_of(name.begin() + static_cast<std::ptrdiff_t>(prefix.size()), name.end(),
                     [](char c) { return c >= '0' && c <= '9'; });
}

void remove_unless_held(const fs::path& leftover) {
  // O_NONBLOCK: opening a pipe that somebody put here must not wait for a writer.
  const Descriptor opened(::open(leftover.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!opened || ::flock(opened.get(), LOCK_EX | LOCK_NB) != 0) return;
  std::error_code ignored;
  fs::remove_all(leftover, ignored);
}

}  // namespace

fs::path temporary_beside(const fs::path& target) {
  return folder_of(target) / (prefix_of(target) + std::to_string(::getpid()));
}

bool hold(const Descriptor& made) noexcept {
  // Without locks on this file system nobody takes it for a leftover either.
  if (::flock(made.get(), LOCK_EX) != 0) return true;
  struct stat facts {};
  return ::fstat(made.get(), &facts) == 0 && facts.st_nlink > 0;
}

base::Result<Descriptor> make_held_folder(const fs::path& target) {
  const fs::path path = temporary_beside(target);
  for (int tries = 0; tries < kTries; ++tries) {
    FAIRLEAD_TRY(make_folder(path));
    Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (folder && hold(folder)) return folder;
  }
  return base::fail(base::ErrorCode::failed, "cannot make directory " + path.string(),
                    "check that nobody else works in this folder");
}

void sweep_leftovers(const fs::path& target) {
  const std::string prefix = prefix_of(target);
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator entry(folder_of(target), error), end; !error && entry != end;
       entry.increment(error))
    if (is_temporary(entry->path().filename().string(), prefix)) found.push_back(entry->path());
  for (const fs::path& leftover : found) remove_unless_held(leftover);
}

}  // namespace fairlead::kit

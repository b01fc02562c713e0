#include "provision/workspace.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <charconv>
#include <optional>
#include <system_error>

#include "kit/defect.hpp"
#include "kit/durable.hpp"

namespace fairlead::provision {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kReleasePrefix = "prod_";

std::optional<unsigned> release_number(const std::string& name) {
  if (!name.starts_with(kReleasePrefix)) return std::nullopt;
  const char* first = name.data() + kReleasePrefix.size();
  const char* last = name.data() + name.size();
  unsigned number = 0;
  const auto [end, error] = std::from_chars(first, last, number);
  if (error != std::errc() || end != last || last - first < 2) return std::nullopt;
  return number;
}

tl::unexpected<base::Error> cannot_list(const fs::path& path, const std::error_code& error) {
  return base::fail(base::ErrorCode::failed, "cannot list " + path.string() + ": " + error.message(),
                    "check that the workspace is a readable directory");
}

/// Names of the directories in `path`; none when it does not exist.
base::Result<std::vector<std::string>> folders_in(const fs::path& path) {
  std::vector<std::string> names;
  std::error_code error;
  fs::directory_iterator entry(path, error);
  if (error == std::errc::no_such_file_or_directory) return names;
  for (; !error && entry != fs::directory_iterator(); entry.increment(error))
    if (entry->is_directory(error)) names.push_back(entry->path().filename().string());
  if (error) return cannot_list(path, error);
  return names;
}

}  // namespace

fs::path Workspace::release(unsigned number) const {
  const std::string digits = std::to_string(number);
  return folder_ / (std::string(kReleasePrefix) + (digits.size() < 2 ? "0" : "") + digits);
}

base::Result<kit::Descriptor> Workspace::lock() const {
  FAIRLEAD_TRY(kit::make_folders(folder_));
  const fs::path file = folder_ / ".lock";
  kit::Descriptor lock(::open(file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, kit::kKeyMode));
  if (!lock)
    return base::fail(base::ErrorCode::failed, "cannot open " + file.string() + ": " + kit::errno_text(errno),
                      "check that the workspace is writable");
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
  auto refused = base::fail(base::ErrorCode::refused, "another provision run holds the lock " + file.string(),
                            "wait until it has finished");
  refused.value().reason = "workspace_locked";
  return refused;
}

base::Result<Workspace::Releases> Workspace::releases() const {
  FAIRLEAD_TRY(const std::vector<std::string> folders, folders_in(folder_));
  std::map<unsigned, fs::path> by_number;
  for (const std::string& name : folders)
    if (const auto number = release_number(name)) by_number.emplace(*number, folder_ / name);

  Releases result;
  for (const auto& [number, path] : by_number) {
    result.next = number + 1;
    FAIRLEAD_TRY(const std::vector<std::string> participants, folders_in(path));
    for (const std::string& participant : participants) result.newest[participant] = path / participant;
  }
  return result;
}

}  // namespace fairlead::provision

#include "provision/workspace.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <optional>
#include <system_error>

#include "base/words.hpp"
#include "kit/defect.hpp"
#include "kit/durable.hpp"
#include "kit/manifest.hpp"
#include "provision/own_folder.hpp"

namespace fairlead::provision {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kReleasePrefix = "prod_";

tl::unexpected<base::Error> cannot_list(const fs::path& path, const std::error_code& error) {
  return base::fail(base::ErrorCode::failed, "cannot list " + path.string() + ": " + error.message(),
                    "check that the workspace is a readable directory");
}

/// Names of the directories in `path`, and of symbolic links, which whoever goes there refuses; none when it
/// does not exist.
base::Result<std::vector<std::string>> folders_in(const fs::path& path) {
  std::vector<std::string> names;
  std::error_code error;
  fs::directory_iterator entry(path, error);
  if (error == std::errc::no_such_file_or_directory) return names;
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const fs::file_type type = entry->symlink_status(error).type();
    if (type == fs::file_type::directory || type == fs::file_type::symlink)
      names.push_back(entry->path().filename().string());
  }
  if (error) return cannot_list(path, error);
  return names;
}

}  // namespace

std::optional<unsigned> release_number(const std::string& name) {
  if (!name.starts_with(kReleasePrefix)) return std::nullopt;
  const char* first = name.data() + kReleasePrefix.size();
  const char* last = name.data() + name.size();
  unsigned number = 0;
  const auto [end, error] = std::from_chars(first, last, number);
  if (error != std::errc() || end != last || last - first < 2) return std::nullopt;
  return number;
}

fs::path Workspace::release(unsigned number) const {
  const std::string digits = std::to_string(number);
  return folder_ / (std::string(kReleasePrefix) + (digits.size() < 2 ? "0" : "") + digits);
}

base::Status Workspace::check() const {
  FAIRLEAD_TRY(check_own_folder(directory_, OwnLink::allowed));
  FAIRLEAD_TRY(check_own_folder(folder_));
  return check_own_folder(state());
}

base::Result<kit::Descriptor> Workspace::lock() const {
  FAIRLEAD_TRY(check());
  FAIRLEAD_TRY(kit::make_folders(folder_));
  FAIRLEAD_TRY(check());
  const fs::path file = folder_ / ".lock";
  kit::Descriptor lock(::open(file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, kit::kKeyMode));
  if (!lock)
    return base::fail(base::ErrorCode::failed, "cannot open " + file.string() + ": " + kit::errno_text(errno),
                      "check that the workspace is writable");
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
  auto refused = base::fail(base::ErrorCode::refused, "another run holds the lock " + file.string(),
                            "wait until it has finished");
  refused.value().reason = "workspace_locked";
  return refused;
}

base::Result<Workspace::Releases> list_releases(const fs::path& project) {
  FAIRLEAD_TRY(const std::vector<std::string> folders, folders_in(project));
  std::map<unsigned, fs::path> by_number;
  for (const std::string& name : folders)
    if (const auto number = release_number(name)) by_number.emplace(*number, project / name);

  Workspace::Releases result;
  for (const auto& [number, path] : by_number) {
    result.next = number + 1;
    FAIRLEAD_TRY(const std::vector<std::string> participants, folders_in(path));
    for (const std::string& participant : participants) result.newest[participant] = path / participant;
  }
  return result;
}

base::Result<Workspace::Releases> Workspace::releases() const {
  FAIRLEAD_TRY(Releases result, list_releases(folder_));
  for (const auto& [participant, kit] : result.newest) {
    FAIRLEAD_TRY(check_own_folder(kit.parent_path()));
    FAIRLEAD_TRY(check_own_folder(kit));
  }
  return result;
}

base::Result<std::string> find_project(const fs::path& directory, const std::string& wanted) {
  FAIRLEAD_TRY(const std::vector<std::string> folders, folders_in(directory));
  std::vector<std::string> projects;
  std::error_code ignored;
  for (const std::string& name : folders)
    if (fs::exists(Workspace(directory, name).state() / kit::kRootFile, ignored)) projects.push_back(name);
  std::sort(projects.begin(), projects.end());
  if (!wanted.empty() && std::find(projects.begin(), projects.end(), wanted) != projects.end()) return wanted;
  if (wanted.empty() && projects.size() == 1) return projects.front();
  if (projects.empty())
    return base::fail(base::ErrorCode::bad_arguments, "there is no project in " + directory.string(),
                      "name the workspace that was given to `fairlead provision -w`");
  return base::fail(base::ErrorCode::bad_arguments,
                    wanted.empty() ? "there are several projects in " + directory.string()
                                   : "there is no project " + wanted + " in " + directory.string(),
                    "name one with --project: " + base::joined(projects));
}

}  // namespace fairlead::provision

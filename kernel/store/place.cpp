#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "store/failure.hpp"

namespace fairlead::store {
namespace {

constexpr mode_t kFileMode = 0600;

tl::unexpected<base::Error> cannot(const char* tried, const std::filesystem::path& path, int error) {
  if (error == ENOSPC || error == EDQUOT) return failure(SQLITE_FULL, tried, path);
  return defect("state_not_writable", path,
                std::string("cannot ") + tried + " this: " + std::generic_category().message(error),
                "let the user who runs this program write the folder and its files");
}

/// Not a link, of the wanted kind, this user's, and nobody else's business.
base::Status check_private(const std::filesystem::path& path, mode_t kind, const char* chmod) {
  struct stat facts {};
  if (::lstat(path.c_str(), &facts) != 0) return cannot("examine", path, errno);
  if ((facts.st_mode & S_IFMT) != kind)
    return defect("state_not_writable", path,
                  kind == S_IFDIR ? "this is not a directory" : "this is not a regular file",
                  "move it away; it is made again");
  if (facts.st_uid != ::geteuid())
    return defect("state_wrong_owner", path,
                  "this belongs to user " + std::to_string(facts.st_uid) + ", expected user " +
                      std::to_string(::geteuid()) + " who runs this program",
                  "type: chown " + std::to_string(::geteuid()) + " " + path.string());
  if ((facts.st_mode & 077) != 0)
    return defect("state_unsafe_mode", path, "others than its owner have access to this",
                  std::string("type: chmod ") + chmod + " " + path.string());
  return {};
}

/// Makes the file and writes its name to disk. One that is there is left alone.
base::Status make_file(const std::filesystem::path& file, const std::filesystem::path& folder) {
  const int made = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kFileMode);
  if (made < 0) return errno == EEXIST ? base::Status{} : cannot("make", file, errno);
  ::close(made);
  const int opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = opened >= 0 && ::fsync(opened) == 0;
  const int error = errno;
  if (opened >= 0) ::close(opened);
  return synced ? base::Status{} : cannot("write", folder, error);
}

}  // namespace

base::Status prepare_place(const std::filesystem::path& file) {
  const std::filesystem::path folder = file.parent_path();
  FAIRLEAD_TRY(check_private(folder, S_IFDIR, "700"));
  FAIRLEAD_TRY(make_file(file, folder));
  return check_private(file, S_IFREG, "600");
}

}  // namespace fairlead::store

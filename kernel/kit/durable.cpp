#include "kit/durable.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>

#include "kit/defect.hpp"
#include "kit/leftovers.hpp"

namespace fairlead::kit {
namespace {

tl::unexpected<base::Error> failure(const char* tried, const std::filesystem::path& path, int error) {
  return base::fail(base::ErrorCode::failed,
                    std::string("cannot ") + tried + " " + path.string() + ": " + errno_text(error),
                    error == ENOSPC ? "free some space" : "check that the directory exists and is writable");
}

tl::unexpected<base::Error> already_there(const std::filesystem::path& path) {
  return tl::unexpected<base::Error>(base::Error{base::ErrorCode::refused,
                                                 path.string() + " is there already",
                                                 "name another one, or remove this one",
                                                 {},
                                                 "file_exists"});
}

bool write_all(int fd, base::ByteView content) noexcept {
  while (!content.empty()) {
    const ssize_t count = ::write(fd, content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    content = content.subspan(static_cast<size_t>(count));
  }
  return true;
}

/// 0600 while it is written, whatever it will be.
Descriptor create(const std::filesystem::path& path) {
  return Descriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kKeyMode));
}

/// The same, and nobody takes it for what a killed writer left.
base::Result<Descriptor> create_held(const std::filesystem::path& path) {
  for (;;) {
    Descriptor file = create(path);
    if (!file) return failure("create", path, errno);
    if (hold(file)) return file;
  }
}

/// fchmod gives exactly the mode wanted, whatever the umask.
base::Status write_and_sync(const Descriptor& file, const std::filesystem::path& path, base::ByteView content,
                            uint32_t mode) {
  if (!write_all(file.get(), content) || ::fchmod(file.get(), mode) != 0 || ::fsync(file.get()) != 0)
    return failure("write", path, errno);
  return {};
}

std::filesystem::path parent_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

}  // namespace

base::Status write_new_file(const std::filesystem::path& path, base::ByteView content, uint32_t mode) {
  const Descriptor file = create(path);
  if (!file) return failure("create", path, errno);
  return write_and_sync(file, path, content, mode);
}

base::Status replace_file(const std::filesystem::path& path, base::ByteView content, uint32_t mode) {
  sweep_leftovers(path);
  const std::filesystem::path temporary = temporary_beside(path);
  FAIRLEAD_TRY(const Descriptor file, create_held(temporary));
  base::Status written = write_and_sync(file, temporary, content, mode);
  if (written) written = rename_durably(temporary, path);
  if (!written) ::unlink(temporary.c_str());
  return written;
}

base::Status make_folder(const std::filesystem::path& path) {
  if (::mkdir(path.c_str(), kFolderMode) == 0) {
    if (::chmod(path.c_str(), kFolderMode) != 0) return failure("set the mode of", path, errno);
    return {};
  }
  const int error = errno;
  struct stat facts {};
  if (error == EEXIST && ::lstat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode)) return {};
  return failure("make directory", path, error);
}

base::Status make_folders(const std::filesystem::path& path) {
  std::filesystem::path so_far;
  for (const auto& step : path) {
    so_far /= step;
    struct stat facts {};
    if (::stat(so_far.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode)) continue;
    FAIRLEAD_TRY(make_folder(so_far));
    FAIRLEAD_TRY(sync_folder(parent_of(so_far)));
  }
  return {};
}

base::Status remove_tree(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::remove_all(path, error);
  if (error) return failure("remove", path, error.value());
  return {};
}

base::Status sync_folder(const std::filesystem::path& path) {
  const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder || ::fsync(folder.get()) != 0) return failure("sync", path, errno);
  return {};
}

base::Status rename_durably(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return failure("rename to", to, errno);
  return sync_folder(parent_of(to));
}

base::Status rename_to_new(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) != 0) {
    const int error = errno;
    if (error == EEXIST) return already_there(to);
    auto failed = failure("rename to", to, error);
    if (error == EINVAL) failed.value().hint = "name a place on another file system";
    return failed;
  }
  const std::filesystem::path parent = to.parent_path();
  return sync_folder(parent.empty() ? "." : parent);
}

}  // namespace fairlead::kit

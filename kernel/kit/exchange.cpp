#include "kit/exchange.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "kit/defect.hpp"
#include "kit/durable.hpp"

namespace fairlead::kit {

base::Result<Descriptor> lock_kit(const std::filesystem::path& kit) {
  Descriptor lock(::open(kit.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  while (lock && ::flock(lock.get(), LOCK_EX) != 0)
    if (errno != EINTR) lock = Descriptor();
  if (lock) return lock;
  return base::fail(base::ErrorCode::failed, "cannot lock " + kit.string() + ": " + errno_text(errno),
                    "check that it is a directory that this user may read");
}

base::Status put_in_place(const std::filesystem::path& fresh, const std::filesystem::path& current) {
  FAIRLEAD_TRY(sync_folder(fresh));
  std::error_code ignored;
  if (!std::filesystem::exists(std::filesystem::symlink_status(current, ignored)))
    return rename_durably(fresh, current);
  if (::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, current.c_str(), RENAME_EXCHANGE) != 0)
    return base::fail(base::ErrorCode::failed,
                      "cannot exchange " + current.string() + " for its successor: " + errno_text(errno),
                      errno == EINVAL ? "keep kits on a local file system" : "check that it is writable");
  FAIRLEAD_TRY(sync_folder(current.parent_path()));
  std::filesystem::remove_all(fresh, ignored);  // the former one; what stays is swept at the next time
  return {};
}

}  // namespace fairlead::kit

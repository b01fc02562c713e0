#include "provision/own_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "kit/defect.hpp"
#include "kit/descriptor.hpp"

namespace fairlead::provision {
namespace {

namespace fs = std::filesystem;

std::string users(uint32_t found) {
  return "belongs to user " + std::to_string(found) + ", expected user " + std::to_string(::geteuid()) +
         " who runs this program";
}

base::Status check_owner_and_mode(const fs::path& folder, const struct stat& facts) {
  if (facts.st_uid != ::geteuid())
    return kit::defect(
        "workspace_wrong_owner", folder, "the folder " + users(facts.st_uid),
        "run this as that user, or type: chown " + std::to_string(::geteuid()) + " " + folder.string());
  if ((facts.st_mode & 022) == 0) return {};
  return kit::defect("workspace_unsafe_mode", folder,
                     "mode " + kit::octal(facts.st_mode) + " lets others write here, expected 0700",
                     (facts.st_mode & S_ISVTX) != 0 ? "name a folder of your own below " + folder.string()
                                                    : "type: chmod go-w " + folder.string());
}

base::Status check_link(const fs::path& folder, OwnLink link) {
  struct stat facts {};
  if (::lstat(folder.c_str(), &facts) != 0 || !S_ISLNK(facts.st_mode)) return {};
  const bool is_own = facts.st_uid == ::geteuid() || facts.st_uid == 0;
  if (link == OwnLink::allowed && is_own) return {};
  if (link == OwnLink::allowed)
    return kit::defect("workspace_wrong_owner", folder, "this symbolic link " + users(facts.st_uid),
                       "name the folder itself");
  return kit::defect("workspace_symlink", folder, "this is a symbolic link, expected a folder",
                     "move the link away; run the command with the folder that it names if that is meant");
}

}  // namespace

base::Status check_own_folder(const fs::path& folder, OwnLink link) {
  FAIRLEAD_TRY(check_link(folder, link));
  const int no_follow = link == OwnLink::refused ? O_NOFOLLOW : 0;
  const kit::Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | no_follow));
  if (!opened && errno == ENOENT) return {};
  struct stat facts {};
  if (!opened || ::fstat(opened.get(), &facts) != 0)
    return kit::defect("workspace_not_folder", folder, "cannot open the folder: " + kit::errno_text(errno),
                       "name a folder that this user can read");
  return check_owner_and_mode(folder, facts);
}

}  // namespace fairlead::provision

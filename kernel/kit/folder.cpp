#include "kit/folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "kit/defect.hpp"

namespace fairlead::kit {
namespace {

struct CloseDirectory {
  void operator()(DIR* directory) const noexcept { ::closedir(directory); }
};

tl::unexpected<base::Error> cannot_open(const std::filesystem::path& path, int error) {
  if (error == ENOENT) return defect("kit_missing_file", path, path.filename().string() + " is missing");
  if (error == ELOOP)
    return defect("kit_symlink", path,
                  path.filename().string() + " is a symbolic link, expected a regular file");
  return defect("kit_missing_file", path, "cannot open the file: " + errno_text(error), "make it readable");
}

}  // namespace

base::Result<Folder> Folder::open(const std::filesystem::path& path) {
  Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!descriptor) {
    const int error = errno;
    struct stat link {};
    if (::lstat(path.c_str(), &link) == 0 && S_ISLNK(link.st_mode))
      return defect("kit_symlink", path, "this is a symbolic link, expected a directory");
    return defect("kit_not_found", path, "no kit here: " + errno_text(error),
                  "name a directory that holds startup/, such as WORKSPACE/PROJECT/prod_00/NAME");
  }
  struct stat facts {};
  if (::fstat(descriptor.get(), &facts) != 0)
    return defect("kit_not_found", path, "cannot examine the directory: " + errno_text(errno));
  if ((facts.st_mode & 022) != 0)
    return defect("kit_unsafe_mode", path,
                  "mode " + octal(facts.st_mode) + " lets others write here, expected 0700 or 0755",
                  "type: chmod go-w " + path.string());
  return Folder(path, std::move(descriptor));
}

base::Result<Folder> Folder::open_private(const std::filesystem::path& path) {
  FAIRLEAD_TRY(Folder folder, open(path));
  struct stat facts {};
  if (::fstat(folder.descriptor_.get(), &facts) != 0)
    return defect("kit_not_found", path, "cannot examine the directory: " + errno_text(errno));
  if (facts.st_uid != ::geteuid())
    return defect("kit_wrong_owner", path,
                  "folder of secrets belongs to user " + std::to_string(facts.st_uid) + ", expected user " +
                      std::to_string(::geteuid()) + " who runs this program",
                  "type: chown " + std::to_string(::geteuid()) + " " + path.string());
  if ((facts.st_mode & 077) != 0)
    return defect("kit_unsafe_mode", path,
                  "folder of secrets has mode " + octal(facts.st_mode) + ", expected 0700",
                  "type: chmod 700 " + path.string());
  return folder;
}

base::Result<std::vector<std::string>> Folder::file_names() const {
  // A second descriptor: fdopendir takes its own and moves the position.
  Descriptor again(::openat(descriptor_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  std::unique_ptr<DIR, CloseDirectory> directory(again ? ::fdopendir(again.get()) : nullptr);
  if (!directory) return defect("kit_not_found", path_, "cannot list the directory: " + errno_text(errno));
  again.release();

  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(directory.get())) {
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    struct stat facts {};
    if (::fstatat(descriptor_.get(), name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0 ||
        S_ISLNK(facts.st_mode))
      return defect("kit_symlink", path_ / name, name + " is a symbolic link, expected a regular file");
    if (!S_ISREG(facts.st_mode))
      return defect("kit_extra_file", path_ / name,
                    name + " is not a regular file; it is not part of the kit", "move it out of startup/");
    names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

base::Result<Descriptor> Folder::open_file(const std::string& name, size_t largest, size_t& size,
                                           uint32_t& mode, uint32_t& owner) const {
  // O_NONBLOCK: opening a pipe that somebody put here must not wait for a writer.
  Descriptor file(::openat(descriptor_.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file) return cannot_open(path_ / name, errno);
  struct stat facts {};
  if (::fstat(file.get(), &facts) != 0 || !S_ISREG(facts.st_mode))
    return defect("kit_extra_file", path_ / name, name + " is not a regular file");
  if (facts.st_size < 0 || static_cast<size_t>(facts.st_size) > largest)
    return defect("kit_changed", path_ / name,
                  name + " has " + std::to_string(facts.st_size) + " bytes, expected at most " +
                      std::to_string(largest) + " bytes");
  size = static_cast<size_t>(facts.st_size);
  mode = facts.st_mode & 07777;
  owner = facts.st_uid;
  return file;
}

base::Result<Folder::Content> Folder::read(const std::string& name, size_t largest) const {
  size_t size = 0;
  uint32_t mode = 0, owner = 0;
  FAIRLEAD_TRY(const Descriptor file, open_file(name, largest, size, mode, owner));
  if ((mode & 022) != 0)
    return defect("kit_unsafe_mode", path_ / name, name + " has mode " + octal(mode) + ", expected 0644",
                  "type: chmod 644 " + (path_ / name).string());
  Content content{base::Bytes(size), mode, owner};
  if (!read_exactly(file.get(), content.bytes))
    return defect("kit_changed", path_ / name, name + " changed while it was read", "try again");
  return content;
}

base::Result<base::Secret> Folder::read_key(const std::string& name, std::string_view what) const {
  size_t size = 0;
  uint32_t mode = 0, owner = 0;
  FAIRLEAD_TRY(const Descriptor file, open_file(name, kLargestFile, size, mode, owner));
  const std::filesystem::path path = path_ / name;
  if (owner != ::geteuid())
    return defect("kit_wrong_owner", path,
                  std::string(what) + " belongs to user " + std::to_string(owner) + ", expected user " +
                      std::to_string(::geteuid()) + " who runs this program",
                  "type: chown " + std::to_string(::geteuid()) + " " + path.string());
  if ((mode & 077) != 0)
    return defect("kit_unsafe_mode", path, std::string(what) + " has mode " + octal(mode) + ", expected 0600",
                  "type: chmod 600 " + path.string());
  base::Secret key(size);
  if (!read_exactly(file.get(), key.expose_mutable()))
    return defect("kit_changed", path, name + " changed while it was read", "try again");
  return key;
}

}  // namespace fairlead::kit

#include "plugin/plugin_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "crypto/digest.hpp"
#include "plugin/status.hpp"

namespace fairlead::plugin {
namespace {

constexpr off_t kMaxSize = off_t{256} << 20;

struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

std::string reason() { return std::system_category().message(errno); }

tl::unexpected<base::Error> missing(const std::string& path, const std::string& why) {
  return refuse(LoadRefusal::not_found, "plugin " + path + " cannot be read: " + why,
                "check the path and that the plugin is installed");
}

/// Who can change these bytes can run code in this process.
base::Status check_owner(const std::string& what, const struct stat& facts) {
  if (facts.st_uid != 0 && facts.st_uid != ::geteuid())
    return refuse(LoadRefusal::unsafe_permissions,
                  what + " belongs to user " + std::to_string(facts.st_uid) + ", expected root or user " +
                      std::to_string(::geteuid()),
                  "change its owner");
  if ((facts.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return refuse(LoadRefusal::unsafe_permissions, what + " can be written by others than its owner",
                  "remove that right: chmod go-w");
  return {};
}

base::Status check_folder(const std::filesystem::path& file) {
  struct stat facts {};
  const std::string folder = file.parent_path().string();
  if (::stat(folder.c_str(), &facts) != 0) return missing(file.string(), reason());
  return check_owner("plugin folder " + folder, facts);
}

base::Result<base::Bytes> read_all(int fd, size_t expected, const std::string& path) {
  base::Bytes content(expected);
  size_t size = 0;
  while (size < content.size()) {
    const ssize_t got = ::read(fd, content.data() + size, content.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return missing(path, reason());
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  content.resize(size);
  return content;
}

}  // namespace

base::Result<PluginFile> PluginFile::read(const std::filesystem::path& file) {
  std::error_code error;
  const std::filesystem::path real = std::filesystem::canonical(file, error);
  if (error) return missing(file.string(), error.message());
  PluginFile result;
  result.path = real.string();
  const Descriptor opened{::open(real.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
  struct stat facts {};
  if (opened.fd < 0 || ::fstat(opened.fd, &facts) != 0) return missing(result.path, reason());
  if (!S_ISREG(facts.st_mode)) return missing(result.path, "it is not a file");
  FAIRLEAD_TRY(check_owner("plugin " + result.path, facts));
  FAIRLEAD_TRY(check_folder(real));
  if (facts.st_size > kMaxSize) return missing(result.path, "it is larger than 256 MiB");
  FAIRLEAD_TRY(result.content, read_all(opened.fd, static_cast<size_t>(facts.st_size), result.path));
  result.sha256 = base::hex(crypto::sha256({result.content}));
  return result;
}

base::Result<int> sealed_copy(const PluginFile& file) {
  Descriptor copy{::memfd_create("fairlead-plugin", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
  const auto fails = [&] {
    return base::fail(base::ErrorCode::failed, "plugin " + file.path + " cannot be copied: " + reason());
  };
  if (copy.fd < 0) return fails();
  for (size_t done = 0; done < file.content.size();) {
    const ssize_t put = ::write(copy.fd, file.content.data() + done, file.content.size() - done);
    if (put < 0) return fails();
    done += static_cast<size_t>(put);
  }
  if (::fcntl(copy.fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) != 0)
    return fails();
  return std::exchange(copy.fd, -1);
}

}  // namespace fairlead::plugin

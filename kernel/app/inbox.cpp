#include "app/inbox.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>

#include "kit/descriptor.hpp"
#include "kit/durable.hpp"

namespace fairlead::app {
namespace {

constexpr size_t kLongestName = 200;
constexpr unsigned kMostNumbers = 10'000;

tl::unexpected<base::Error> cannot_store(const std::filesystem::path& where, int error) {
  return base::fail(
      base::ErrorCode::failed,
      "cannot store a file in " + where.string() + ": " + std::generic_category().message(error),
      "check space and permissions of the inbox");
}

base::Status write_all(int fd, base::ByteView content, const std::filesystem::path& where) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return cannot_store(where, errno);
    content = content.subspan(static_cast<size_t>(written));
  }
  if (::fsync(fd) != 0) return cannot_store(where, errno);
  return {};
}

/// Moves without replacing; 0 or errno.
int move_to_free_name(const std::string& from, const std::string& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  // Some file systems know no RENAME_NOREPLACE; a hard link does not replace either.
  if (::link(from.c_str(), to.c_str()) != 0) return errno;
  ::unlink(from.c_str());
  return 0;
}

}  // namespace

std::string safe_file_name(std::string_view wished) {
  const size_t slash = wished.find_last_of("/\\");
  std::string name(slash == std::string_view::npos ? wished : wished.substr(slash + 1));
  for (char& c : name)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '_';
  name.erase(0, std::min(name.find_first_not_of('.'), name.size()));
  if (name.size() > kLongestName) {
    size_t end = kLongestName;
    while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;
    name.resize(end);
  }
  return name.empty() ? "unnamed" : name;
}

std::string numbered_file_name(const std::string& name, unsigned number) {
  if (number == 0) return name;
  const size_t dot = std::min(name.rfind('.'), name.size());
  return name.substr(0, dot) + "-" + std::to_string(number) + name.substr(dot);
}

base::Result<Inbox> Inbox::open(const std::filesystem::path& folder) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(folder, ignored) || ::access(folder.c_str(), W_OK | X_OK) != 0)
    return base::fail(base::ErrorCode::bad_arguments,
                      "the inbox " + folder.string() + " is not a writable folder",
                      "create it, or give another --inbox");
  return Inbox(folder);
}

base::Result<std::string> Inbox::name_it(const std::string& temporary, const std::string& name) const {
  for (unsigned number = 0; number < kMostNumbers; ++number) {
    std::string candidate = numbered_file_name(name, number);
    const int error = move_to_free_name(temporary, (folder_ / candidate).string());
    if (error == 0) return candidate;
    if (error != EEXIST) return cannot_store(folder_, error);
  }
  return cannot_store(folder_, EEXIST);
}

base::Result<std::string> Inbox::store(std::string_view wished_name, base::ByteView content) const {
  std::string temporary = (folder_ / ".fairlead-XXXXXX").string();
  const kit::Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!file) return cannot_store(folder_, errno);
  base::Result<std::string> name = [&]() -> base::Result<std::string> {
    FAIRLEAD_TRY(write_all(file.get(), content, folder_));
    return name_it(temporary, safe_file_name(wished_name));
  }();
  if (!name.has_value()) {
    ::unlink(temporary.c_str());
    return name;
  }
  FAIRLEAD_TRY(kit::sync_folder(folder_));
  return name;
}

}  // namespace fairlead::app

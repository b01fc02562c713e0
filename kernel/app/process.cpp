#include "app/process.hpp"

#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <system_error>

#include "kit/descriptor.hpp"

namespace fairlead::app {
namespace {

tl::unexpected<base::Error> cannot_notify(const std::string& address, const std::string& why) {
  return base::fail(base::ErrorCode::failed, "cannot notify the service manager at " + address + ": " + why,
                    "check NOTIFY_SOCKET");
}

}  // namespace

void protect_process() noexcept {
  ::prctl(PR_SET_DUMPABLE, 0);
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGHUP, SIG_IGN);
}

void raise_descriptor_limit() noexcept {
  rlimit descriptors{};
  if (::getrlimit(RLIMIT_NOFILE, &descriptors) != 0) return;
  descriptors.rlim_cur = descriptors.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &descriptors);
}

void keep_freed_memory() noexcept {
  constexpr int kMiB = 1 << 20;
  ::mallopt(M_MMAP_THRESHOLD, 4 * kMiB);
  ::mallopt(M_TRIM_THRESHOLD, 32 * kMiB);
}

base::Status notify_service_manager(const std::string& address, std::string_view state) {
  if (address.empty()) return {};
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  if (address.size() >= sizeof(to.sun_path) || (address[0] != '/' && address[0] != '@'))
    return cannot_notify(address, "not a path or @name of a socket");
  std::ranges::copy(address, to.sun_path);
  if (address[0] == '@') to.sun_path[0] = '\0';
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size());
  const kit::Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto* generic = static_cast<const sockaddr*>(static_cast<const void*>(&to));
  if (!socket || ::sendto(socket.get(), state.data(), state.size(), MSG_NOSIGNAL, generic, size) < 0)
    return cannot_notify(address, std::generic_category().message(errno));
  return {};
}

std::string notify_address() {
  const char* address = std::getenv("NOTIFY_SOCKET");
  return address != nullptr ? address : "";
}

std::map<std::string, std::string> environment() {
  std::map<std::string, std::string> variables;
  for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string text(*entry);
    const size_t split = text.find('=');
    if (split != std::string::npos) variables.emplace(text.substr(0, split), text.substr(split + 1));
  }
  return variables;
}

}  // namespace fairlead::app

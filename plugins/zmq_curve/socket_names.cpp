#include "socket_names.hpp"

#include <netdb.h>

#include <array>

namespace zmq_curve {
namespace {

template <class Ask>
std::string name_of(int fd, Ask ask) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  auto* as_any = static_cast<sockaddr*>(static_cast<void*>(&address));
  if (ask(fd, as_any, &size) != 0) return {};
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  if (::getnameinfo(as_any, size, host.data(), host.size(), port.data(), port.size(),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
    return {};
  std::string text = host.data();
  constexpr std::string_view kMapped = "::ffff:";  // an IPv4 peer of a socket for both families
  if (text.starts_with(kMapped) && text.find('.') != std::string::npos) text.erase(0, kMapped.size());
  if (text.find(':') != std::string::npos) text = "[" + text + "]";
  return text + ":" + port.data();
}

}  // namespace

std::string local_name(int fd) { return name_of(fd, ::getsockname); }
std::string remote_name(int fd) { return name_of(fd, ::getpeername); }

}  // namespace zmq_curve

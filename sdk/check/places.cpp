#include "places.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "verdict.hpp"

namespace fairlead::check {

SilentPort::SilentPort() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = static_cast<sockaddr*>(static_cast<void*>(&address));
  demand(::bind(fd_, generic, size) == 0 && ::getsockname(fd_, generic, &size) == 0,
         "the kit cannot take a port of 127.0.0.1");
  port_ = ntohs(address.sin_port);
}

SilentPort::~SilentPort() { ::close(fd_); }

}  // namespace fairlead::check

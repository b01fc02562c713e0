#include "integration/full_port.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/assert.hpp"

namespace fairlead::integration {
namespace {

constexpr int kMoreThanFits = 4;

}  // namespace

FullPort::FullPort() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* general = static_cast<sockaddr*>(static_cast<void*>(&address));
  socklen_t size = sizeof address;
  FAIRLEAD_ASSERT(::bind(listener_.get(), general, size) == 0 && ::listen(listener_.get(), 0) == 0 &&
                  ::getsockname(listener_.get(), general, &size) == 0);
  port_ = std::to_string(ntohs(address.sin_port));
  for (int i = 0; i < kMoreThanFits; ++i) {
    waiting_.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    static_cast<void>(::connect(waiting_.back().get(), general, size));
  }
}

}  // namespace fairlead::integration

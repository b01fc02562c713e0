#include "socket.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <memory>
#include <optional>

#include "address.hpp"

namespace tcp_tls {
namespace {

using fairlead::transport::Error;
using fairlead::transport::Fd;

struct FreeAddresses {
  void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

void set(int fd, int level, int name, int value, const char* option) {
  if (::setsockopt(fd, level, name, &value, sizeof value) != 0)
    throw Error::from_errno(std::string("option ") + option + " = " + std::to_string(value));
}

Addresses resolve(const HostPort& where, int family) {
  addrinfo hints{};
  hints.ai_family = family;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const char* host = where.host.empty() ? nullptr : where.host.c_str();
  const int failure = ::getaddrinfo(host, std::to_string(where.port).c_str(), &hints, &found);
  if (failure != 0)
    throw Error(FAIRLEAD_E_CONFIG, "cannot listen on \"" + where.host + "\": " + ::gai_strerror(failure));
  return Addresses(found);
}

enum class Stack { kBoth, kOwnFamily };

bool means_absent(int os_errno) noexcept { return os_errno == EAFNOSUPPORT || os_errno == EADDRNOTAVAIL; }

/// An address that this machine does not have is a mistake in the configuration, not a failed connection.
Error cannot_bind(const std::string& doing) {
  const Error error = Error::from_errno(doing);
  return means_absent(error.os_errno()) ? Error(FAIRLEAD_E_CONFIG, error.what(), error.os_errno()) : error;
}

Fd bind_and_listen(const addrinfo& where, Stack stack, const SocketTuning& tuning, std::string_view address) {
  const std::string doing = "cannot listen on " + std::string(address);
  Fd fd(::socket(where.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
  if (fd.get() < 0) throw cannot_bind(doing);
  set(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1, "reuse address");
  if (where.ai_family == AF_INET6)
    set(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, stack == Stack::kBoth ? 0 : 1, "v6 only");
  tune(fd.get(), tuning);
  if (::bind(fd.get(), where.ai_addr, where.ai_addrlen) != 0) throw cannot_bind(doing);
  if (::listen(fd.get(), SOMAXCONN) != 0) throw Error::from_errno(doing);
  return fd;
}

template <class Ask>
std::string name_of(int fd, Ask ask) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  return ask(fd, static_cast<sockaddr*>(static_cast<void*>(&address)), &size) == 0 ? to_text(address)
                                                                                   : std::string();
}

}  // namespace

void tune(int fd, const SocketTuning& tuning) {
  set(fd, IPPROTO_TCP, TCP_NODELAY, tuning.nodelay ? 1 : 0, "nodelay");
  if (tuning.send_buffer != 0) set(fd, SOL_SOCKET, SO_SNDBUF, tuning.send_buffer, "send_buffer");
  if (tuning.receive_buffer != 0) set(fd, SOL_SOCKET, SO_RCVBUF, tuning.receive_buffer, "receive_buffer");
  const std::string& congestion = tuning.congestion;
  if (congestion.empty()) return;
  const auto size = static_cast<socklen_t>(congestion.size());
  if (::setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, congestion.data(), size) != 0)
    throw Error(FAIRLEAD_E_CONFIG, "option congestion: this system has no \"" + congestion + "\"", errno);
}

Fd listen_on(std::string_view address, const SocketTuning& tuning) {
  HostPort where = parse_host_port(address);
  if (where.host.empty() || where.host == "::") {
    try {
      where.host = "::";
      return bind_and_listen(*resolve(where, AF_INET6), Stack::kBoth, tuning, address);
    } catch (const Error& error) {
      if (!means_absent(error.os_errno())) throw;
      where.host = "0.0.0.0";
    }
  }
  return bind_and_listen(*resolve(where, AF_UNSPEC), Stack::kOwnFamily, tuning, address);
}

SocketNames names_of(int fd) { return {name_of(fd, ::getsockname), name_of(fd, ::getpeername)}; }

}  // namespace tcp_tls

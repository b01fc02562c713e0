/// TCP sockets: how ours are opened and tuned, and what their ends are called.
#pragma once
#include <fairlead/transport.hpp>
#include <string>
#include <string_view>

namespace tcp_tls {

/// What the operator may set on a socket. A size of 0 leaves the system's own, which it then tunes by itself.
struct SocketTuning {
  bool nodelay = true;
  int send_buffer = 0;     ///< bytes
  int receive_buffer = 0;  ///< bytes
  std::string congestion;  ///< e.g. "cubic"; empty: the system's
};

struct SocketNames {
  std::string local;
  std::string remote;
};

/// Applies `tuning`. Throws Error naming the option. What a listening socket has, accepted ones inherit
/// (Linux).
void tune(int fd, const SocketTuning& tuning);

/// A bound, listening, non-blocking socket for "host:port". An empty host or "::" takes IPv6 and IPv4
/// together, IPv4 alone where the system has no IPv6. Throws Error: E_CONFIG, E_ADDRESS_IN_USE, E_DENIED,
/// E_UNREACHABLE.
fairlead::transport::Fd listen_on(std::string_view address, const SocketTuning& tuning);

/// Both ends of a connected socket, or the local end of a listening one; empty where the system does not say.
SocketNames names_of(int fd);

}  // namespace tcp_tls

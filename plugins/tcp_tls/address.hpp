/// Socket addresses as text: "host:port", "[v6]:port". Used by the listener, the sockets and the name check.
#pragma once
#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace tcp_tls {

struct HostPort {
  std::string host;  ///< without brackets; empty means every address of this machine
  uint16_t port;
};

/// Splits "host:port". Throws Error(E_CONFIG) that quotes the text.
HostPort parse_host_port(std::string_view text);

/// "192.0.2.1:80" or "[2001:db8::1]:80"; an IPv4 peer of a dual-stack socket reads as IPv4. Empty for others.
std::string to_text(const sockaddr_storage& address);

/// Whether `host` is an IPv4 or IPv6 literal.
bool is_ip_literal(const std::string& host);

}  // namespace tcp_tls

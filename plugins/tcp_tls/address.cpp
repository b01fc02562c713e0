#include "address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <array>
#include <charconv>
#include <fairlead/transport.hpp>

namespace tcp_tls {
namespace {

template <class Address>
const Address& seen_as(const sockaddr_storage& storage) {
  return *static_cast<const Address*>(static_cast<const void*>(&storage));
}

std::string numeric(int family, const void* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  return ::inet_ntop(family, address, text.data(), text.size()) == nullptr ? std::string() : text.data();
}

std::string with_port(std::string host, in_port_t port) {
  return std::move(host) + ":" + std::to_string(ntohs(port));
}

[[noreturn]] void refuse(std::string_view text) {
  throw fairlead::transport::Error(FAIRLEAD_E_CONFIG,
                                   "address \"" + std::string(text) + "\" is not host:port or [v6]:port");
}

}  // namespace

HostPort parse_host_port(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) refuse(text);
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size()) refuse(text);
  const bool bracketed = host.size() >= 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  // "::1:80" could mean two things, so IPv6 needs its brackets; "::" alone is common for "everywhere".
  if (!bracketed && host.find(':') != std::string_view::npos && host != "::") refuse(text);
  return {std::string(host), port};
}

std::string to_text(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET) {
    const auto& v4 = seen_as<sockaddr_in>(address);
    return with_port(numeric(AF_INET, &v4.sin_addr), v4.sin_port);
  }
  if (address.ss_family != AF_INET6) return {};
  const auto& v6 = seen_as<sockaddr_in6>(address);
  if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr))
    return with_port(numeric(AF_INET, &v6.sin6_addr.s6_addr[12]), v6.sin6_port);
  return with_port("[" + numeric(AF_INET6, &v6.sin6_addr) + "]", v6.sin6_port);
}

bool is_ip_literal(const std::string& host) {
  in6_addr ignored{};
  return ::inet_pton(AF_INET, host.c_str(), &ignored) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), &ignored) == 1;
}

}  // namespace tcp_tls

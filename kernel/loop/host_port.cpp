#include "loop/host_port.hpp"

#include <charconv>

namespace fairlead::loop {
namespace {

tl::unexpected<base::Error> refuse(std::string_view text, std::string_view what) {
  return base::fail(base::ErrorCode::bad_arguments,
                    "address \"" + std::string(text) + "\" cannot be used: " + std::string(what),
                    "write HOST:PORT, or [ADDRESS]:PORT for an IPv6 address");
}

}  // namespace

base::Result<HostPort> HostPort::parse(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return refuse(text, "it has no port");
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  else if (host.find_first_of(":[]") != std::string_view::npos)
    return refuse(text, "an IPv6 address needs brackets");
  if (host.empty()) return refuse(text, "it has no host");
  if (host.size() > 255 || host.find('\0') != std::string_view::npos)
    return refuse(text.substr(0, 255), "the host is not a name");

  uint16_t port = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size() || port == 0)
    return refuse(text, "the port is not a number from 1 to 65535");
  return HostPort{std::string(host), port};
}

std::string text(const HostPort& where) {
  const bool is_ipv6 = where.host.find(':') != std::string::npos;
  return (is_ipv6 ? "[" + where.host + "]" : where.host) + ":" + std::to_string(where.port);
}

}  // namespace fairlead::loop

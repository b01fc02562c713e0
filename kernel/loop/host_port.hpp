/// HostPort: the two parts of "host:port" and "[v6]:port". Pure.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace fairlead::loop {

struct HostPort {
  std::string host;  ///< a name or an IP literal, without brackets
  uint16_t port = 0;

  /// Fails with ErrorCode::bad_arguments: a part is missing, or the port is not 1 to 65535.
  static base::Result<HostPort> parse(std::string_view text);
};
/// "host:port", an IPv6 address in brackets: what parse() reads.
std::string text(const HostPort& where);

}  // namespace fairlead::loop

/// Host names and IP addresses as text: what may stand where a host is expected.
#pragma once
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace fairlead::config {

/// A DNS name (at most 255 characters, labels of 1 to 63 letters, digits, '-' and '_') or an IPv4 or IPv6
/// address. Returns it without the brackets of an IPv6 address. Fails with bad_configuration and what is
/// wrong.
base::Result<std::string> parse_host(std::string_view text);

/// The same host? DNS names compare without regard to letter case, addresses by value.
bool same_host(std::string_view a, std::string_view b);

/// A decimal port from `lowest` to 65535, without leading zeros. Fails with bad_configuration.
base::Result<uint16_t> parse_port(std::string_view text, uint16_t lowest = 1);

/// "http://HOST:PORT" or "socks5://HOST:PORT", an IPv6 host in brackets: the same text. Fails with
/// bad_configuration without repeating it, because it may hold a password.
base::Result<std::string> parse_proxy_url(std::string_view text);

/// Name of a transport: 1 to 32 of a-z, 0-9, '+', '.', '-', starting with a letter; the reference's names
/// (grpc, stcp, http) mean tcp. Fails with bad_configuration.
base::Result<std::string> parse_scheme(std::string_view text);
/// Is this one of the reference's names for what is tcp here?
bool is_legacy_scheme(std::string_view text) noexcept;

}  // namespace fairlead::config

#include "config/host.hpp"

#include <arpa/inet.h>
#include <strings.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/bytes.hpp"

namespace fairlead::config {
namespace {

using base::ErrorCode;
using base::fail;

constexpr size_t kMostHostBytes = 255;
constexpr size_t kMostLabelBytes = 63;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
bool is_label_character(char c) noexcept {
  return is_digit(c) || is_lower(c) || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

auto bad_host(std::string_view text, const std::string& why) {
  const std::string shown = text.size() > 80 ? std::string(text.substr(0, 77)) + "..." : std::string(text);
  return fail(ErrorCode::bad_configuration, "\"" + shown + "\" is not a host: " + why,
              "write a DNS name or an IP address");
}

/// Network-order bytes of an IP address, empty when the text is none.
base::Bytes address_bytes(std::string_view text) {
  const std::string copy(text);
  base::Bytes bytes(16);
  if (::inet_pton(AF_INET6, copy.c_str(), bytes.data()) == 1) return bytes;
  bytes.resize(4);
  if (::inet_pton(AF_INET, copy.c_str(), bytes.data()) == 1) return bytes;
  return {};
}

/// Empty when the label is fine.
std::string label_problem(std::string_view label) {
  if (label.empty()) return "a label between dots is empty";
  if (label.size() > kMostLabelBytes) return "a label is longer than 63 characters";
  if (label.front() == '-' || label.back() == '-') return "a label starts or ends with '-'";
  if (!std::all_of(label.begin(), label.end(), is_label_character))
    return "only letters, digits, '-', '_' and '.' are allowed";
  return {};
}

std::string dns_problem(std::string_view text) {
  while (true) {
    const size_t dot = text.find('.');
    if (std::string problem = label_problem(text.substr(0, dot)); !problem.empty()) return problem;
    if (dot == std::string_view::npos) return {};
    text.remove_prefix(dot + 1);
  }
}

}  // namespace

base::Result<std::string> parse_host(std::string_view text) {
  if (text.empty()) return bad_host(text, "it is empty");
  if (text.size() > kMostHostBytes)
    return bad_host(text, "it has " + std::to_string(text.size()) + " characters, at most 255 are allowed");
  const bool bracketed = text.front() == '[' && text.back() == ']' && text.size() > 2;
  const std::string_view bare = bracketed ? text.substr(1, text.size() - 2) : text;
  const bool ipv6 = bare.find(':') != std::string_view::npos;
  if (ipv6 || bracketed) {
    if (!ipv6 || address_bytes(bare).size() != 16) return bad_host(text, "it is not an IPv6 address");
    return std::string(bare);
  }
  const bool numeric = std::all_of(bare.begin(), bare.end(), [](char c) { return is_digit(c) || c == '.'; });
  if (numeric && address_bytes(bare).size() != 4) return bad_host(text, "it is not an IPv4 address");
  if (std::string problem = dns_problem(bare); !problem.empty()) return bad_host(text, problem);
  return std::string(bare);
}

bool same_host(std::string_view a, std::string_view b) {
  if (a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0) return true;
  const base::Bytes bytes = address_bytes(a);
  return !bytes.empty() && base::equal(bytes, address_bytes(b));
}

base::Result<uint16_t> parse_port(std::string_view text, uint16_t lowest) {
  uint16_t port = 0;
  const bool leading_zero = text.size() > 1 && text.front() == '0';
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (whole && !leading_zero && port >= lowest) return port;
  const std::string hint = leading_zero ? "write it in decimal, without leading zeros"
                                        : "use a number from " + std::to_string(lowest) + " to 65535";
  return fail(ErrorCode::bad_configuration, "\"" + std::string(text) + "\" is not a port", hint);
}

base::Result<std::string> parse_proxy_url(std::string_view text) {
  constexpr const char* kForms = "write http://HOST:PORT or socks5://HOST:PORT";
  const size_t split = text.find("://");
  const std::string_view scheme = text.substr(0, split);
  const std::string_view rest = split == std::string_view::npos ? std::string_view() : text.substr(split + 3);
  if (rest.find('@') != std::string_view::npos)
    return fail(ErrorCode::bad_configuration, "a proxy URL must not hold credentials",
                "write the URL alone and give the credentials by the name of a secret");
  if (scheme == "https")
    return fail(ErrorCode::bad_configuration, "not a proxy URL: TLS to the proxy itself is not supported",
                kForms);
  const size_t colon = rest.rfind(':');
  if ((scheme != "http" && scheme != "socks5") || colon == std::string_view::npos)
    return fail(ErrorCode::bad_configuration, "not a proxy URL", kForms);
  const std::string_view host = rest.substr(0, colon);
  const bool is_bare_ipv6 = host.find(':') != std::string_view::npos && !host.starts_with('[');
  if (is_bare_ipv6 || !parse_host(host) || !parse_port(rest.substr(colon + 1)))
    return fail(ErrorCode::bad_configuration, "not a proxy URL: host or port is wrong", kForms);
  return std::string(text);
}

bool is_legacy_scheme(std::string_view text) noexcept {
  return text == "grpc" || text == "stcp" || text == "http";
}

base::Result<std::string> parse_scheme(std::string_view text) {
  const bool shaped = !text.empty() && text.size() <= 32 && is_lower(text.front()) &&
                      std::all_of(text.begin(), text.end(), [](char c) {
                        return is_lower(c) || is_digit(c) || c == '+' || c == '.' || c == '-';
                      });
  if (!shaped)
    return fail(ErrorCode::bad_configuration, "\"" + std::string(text) + "\" is not the name of a transport",
                "use tcp, zmq or the scheme of an installed plugin, in lower case");
  return std::string(is_legacy_scheme(text) ? "tcp" : text);
}

}  // namespace fairlead::config

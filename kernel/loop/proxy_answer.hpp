/// ProxyAnswer: what an HTTP proxy said to CONNECT, as far as people want to know. Used by dial_through.
#pragma once
#include <string>
#include <string_view>

namespace fairlead::loop {

/// Takes header lines one after another; several answers follow each other when the proxy asks for
/// credentials.
class ProxyAnswer {
 public:
  /// No proxy needs more for its answers, bytes.
  static constexpr size_t kMostBytes = 32u << 10;

  /// False: give up, this is no HTTP proxy (is_http() is false) or it says too much (is_too_long()).
  bool take(std::string_view line);

  bool is_http() const noexcept { return is_http_; }
  bool is_too_long() const noexcept { return bytes_ > kMostBytes; }
  /// First line of the last answer, fit for a log: at most 100 printable characters. Empty before the first.
  const std::string& status_line() const noexcept { return status_line_; }

 private:
  bool is_http_ = true, is_first_ = true;
  size_t bytes_ = 0;
  std::string status_line_;
};

/// At most 100 characters of a foreign text, others than printable ASCII as '?'.
std::string shown(std::string_view foreign);

}  // namespace fairlead::loop

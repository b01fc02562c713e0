#include "loop/proxy_answer.hpp"

#include <algorithm>

namespace fairlead::loop {

std::string shown(std::string_view foreign) {
  constexpr size_t kMost = 100;
  std::string text(foreign.substr(0, kMost));
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= ' ' && c <= '~' ? c : '?'; });
  return text;
}

bool ProxyAnswer::take(std::string_view line) {
  bytes_ += line.size();
  if (is_too_long()) return false;
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (is_first_) {
    is_http_ = line.starts_with("HTTP/1.");
    status_line_ = shown(line);
  }
  is_first_ = line.empty();  // an empty line ends an answer
  return is_http_;
}

}  // namespace fairlead::loop

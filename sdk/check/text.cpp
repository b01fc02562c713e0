#include "text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace fairlead::check {
namespace {

constexpr std::array<std::pair<fairlead_status, std::string_view>, 17> kNames = {
    {{FAIRLEAD_OK, "OK"},
     {FAIRLEAD_AGAIN, "AGAIN"},
     {FAIRLEAD_E_CLOSED, "E_CLOSED"},
     {FAIRLEAD_E_REFUSED, "E_REFUSED"},
     {FAIRLEAD_E_TIMEOUT, "E_TIMEOUT"},
     {FAIRLEAD_E_UNREACHABLE, "E_UNREACHABLE"},
     {FAIRLEAD_E_RESET, "E_RESET"},
     {FAIRLEAD_E_ADDRESS_IN_USE, "E_ADDRESS_IN_USE"},
     {FAIRLEAD_E_CONFIG, "E_CONFIG"},
     {FAIRLEAD_E_CREDENTIAL, "E_CREDENTIAL"},
     {FAIRLEAD_E_PEER_AUTH, "E_PEER_AUTH"},
     {FAIRLEAD_E_PROTOCOL, "E_PROTOCOL"},
     {FAIRLEAD_E_TOO_LARGE, "E_TOO_LARGE"},
     {FAIRLEAD_E_NO_RESOURCE, "E_NO_RESOURCE"},
     {FAIRLEAD_E_DENIED, "E_DENIED"},
     {FAIRLEAD_E_UNSUPPORTED, "E_UNSUPPORTED"},
     {FAIRLEAD_E_INTERNAL, "E_INTERNAL"}}};

/// Length of the well-formed sequence at the start of `text`; 0 when there is none.
size_t sequence(std::string_view text) noexcept {
  const auto at = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = at(0);
  if (first < 0x80) return 1;
  const size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i)
    if ((at(i) & 0xC0) != 0x80) return 0;
  // Overlong forms, surrogates and what lies beyond U+10FFFF (RFC 3629 section 4).
  if ((first == 0xE0 && at(1) < 0xA0) || (first == 0xED && at(1) > 0x9F)) return 0;
  if ((first == 0xF0 && at(1) < 0x90) || (first == 0xF4 && at(1) > 0x8F)) return 0;
  return length;
}

}  // namespace

std::string name(fairlead_status status) {
  const auto* found =
      std::find_if(kNames.begin(), kNames.end(), [&](const auto& one) { return one.first == status; });
  const std::string number = "(" + std::to_string(status) + ")";
  return found == kNames.end() ? "unknown status " + number : std::string(found->second) + " " + number;
}

std::string words(const fairlead_error& error) {
  return std::string(&error.text[0], std::min<size_t>(error.text_size, sizeof error.text));
}

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const size_t length = sequence(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string printable(std::string_view from) {
  constexpr size_t kLongest = 300;
  std::string clean;
  while (!from.empty() && clean.size() < kLongest) {
    const size_t length = sequence(from);
    const bool control = length == 1 && (from[0] < ' ' || from[0] == 0x7F);
    clean += length == 0 || control ? std::string_view("?") : from.substr(0, length);
    from.remove_prefix(std::max<size_t>(length, 1));
  }
  return clean;
}

std::string describe(fairlead_status status, std::string_view detail) {
  return name(status) + (detail.empty() ? "" : ": " + printable(detail));
}

}  // namespace fairlead::check

#include "frame/plain_text.hpp"

#include <algorithm>
#include <cstdint>

namespace fairlead::frame {
namespace {

/// One character at the front of `text`: its code point and length, length 0 when it is not well-formed.
struct Character {
  uint32_t code = 0;
  size_t size = 0;
};

uint8_t byte_at(std::string_view text, size_t at) noexcept { return static_cast<uint8_t>(text[at]); }

/// Length of the sequence that starts with `lead`, 0 for a byte that starts none.
size_t sequence_size(uint8_t lead) noexcept {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

Character first_character(std::string_view text) noexcept {
  const uint8_t lead = byte_at(text, 0);
  const size_t size = sequence_size(lead);
  if (size <= 1 || size > text.size()) return {lead, size == 1 ? size : 0};
  uint32_t code = lead & (0xFFu >> (size + 1));
  for (size_t i = 1; i < size; ++i) {
    const uint8_t next = byte_at(text, i);
    if ((next & 0xC0) != 0x80) return {};
    code = code << 6 | (next & 0x3Fu);
  }
  // RFC 3629 section 3: no overlong forms, no surrogates, nothing above U+10FFFF.
  const bool overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
  const bool outside = (code >= 0xD800 && code < 0xE000) || code > 0x10FFFF;
  return overlong || outside ? Character{} : Character{code, size};
}

bool is_control(uint32_t code) noexcept { return code < 0x20 || (code >= 0x7F && code < 0xA0); }

bool is_address_character(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("._%+-@/").find(c) != std::string_view::npos;
}

}  // namespace

bool is_plain_text(std::string_view text) noexcept {
  while (!text.empty()) {
    const Character character = first_character(text);
    if (character.size == 0 || is_control(character.code)) return false;
    text.remove_prefix(character.size);
  }
  return true;
}

bool is_address(std::string_view text) noexcept {
  if (text.empty() || text.front() == '/' || text.back() == '/') return false;
  return text.find("//") == std::string_view::npos &&
         std::all_of(text.begin(), text.end(), &is_address_character);
}

}  // namespace fairlead::frame

/// The ABI's texts and bytes as C++ views, names of its numbers, and text that is safe to print.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fairlead/transport.h"

namespace fairlead::check {

using Bytes = std::vector<uint8_t>;
using View = std::span<const uint8_t>;

inline std::string_view view(fairlead_text text) noexcept {
  return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
}
inline fairlead_text text(std::string_view from) noexcept { return {from.data(), from.size()}; }
inline View view(fairlead_bytes bytes) noexcept {
  return bytes.size == 0 ? View() : View(bytes.data, bytes.size);
}

/// "E_REFUSED (-2)".
std::string name(fairlead_status status);
/// The text of an error that a slot filled in, cut at its room.
std::string words(const fairlead_error& error);
/// UTF-8 without control characters, cut at 300 bytes; anything else becomes '?'.
std::string printable(std::string_view from);
/// Is it well-formed UTF-8?
bool is_utf8(std::string_view text) noexcept;
/// "status E_CONFIG (-7): text"
std::string describe(fairlead_status status, std::string_view detail);

}  // namespace fairlead::check

/// What counts as readable text and as an address on the wire. Pure, any thread, no allocation.
#pragma once
#include <string_view>

namespace fairlead::frame {

/// Well-formed UTF-8 (RFC 3629) without control characters (C0, DEL, C1).
bool is_plain_text(std::string_view text) noexcept;
/// Letters, digits and ". _ % + - @", in parts separated by single slashes.
bool is_address(std::string_view text) noexcept;

}  // namespace fairlead::frame

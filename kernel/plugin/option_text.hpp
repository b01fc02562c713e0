/// Option values as text: numbers, switches, durations and sizes as people write them. Pure.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "fairlead/transport.h"

namespace fairlead::plugin {

/// Is the value a number in fairlead_value, or a text?
bool is_numeric(uint32_t type) noexcept;
/// INT "-3"; BOOL "true", "yes", "on" and their opposites; DURATION_NS "250ms" (ns us ms s m h; "0" needs no
/// unit); SIZE_BYTES "64KiB" (B KiB MiB GiB kB MB GB; no unit: bytes). Fails with what was expected.
base::Result<int64_t> parse_number(uint32_t type, std::string_view text);
/// parse_number(), then [min, max] of the option (not for BOOL). The error names the option.
base::Result<int64_t> parse_number(const fairlead_option& option, std::string_view text);

/// A number as parse_number() reads it, in the largest unit that divides it: "10s", "64KiB", "3".
std::string number_text(uint32_t type, int64_t number);

}  // namespace fairlead::plugin

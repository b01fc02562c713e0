/// Declared options and the text form of their values, as the kernel reads them.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fairlead/transport.h"

namespace fairlead::check {

/// INT, BOOL, DURATION_NS or SIZE_BYTES.
bool is_numeric(uint32_t type) noexcept;

/// "true", "250ms", "64KiB", "12"; nothing when it cannot be read. Ranges are not looked at.
std::optional<int64_t> parse_number(uint32_t type, std::string_view text);

/// The options of a table, stepped through by their stride. At most `limit`.
std::vector<fairlead_option> options_of(const fairlead_transport& table, size_t limit = 256);

}  // namespace fairlead::check

/// Periods of days and more, as they stand on a command line. Shorter times: see overrides.hpp.
#pragma once
#include <chrono>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace fairlead::config {

/// "90m", "12h", "30d": a whole number and s, m, h or d, from 1 s to 3650 d. Fails with bad_arguments and the
/// forms allowed.
base::Result<std::chrono::seconds> parse_period(std::string_view text);

}  // namespace fairlead::config

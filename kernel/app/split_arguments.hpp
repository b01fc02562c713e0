/// A command line as text becomes an argument vector, without a shell. Pure.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace fairlead::app {

/// Splits at blanks. '...' is taken literally; in "..." and outside quotes a backslash takes the next
/// character literally. No variables, no wildcards. bad_arguments: an open quote, a backslash at the end, or
/// no word at all.
base::Result<std::vector<std::string>> split_arguments(std::string_view command);

/// "TOPIC=COMMAND" at its first '='. bad_arguments when either side is empty.
base::Result<std::pair<std::string, std::vector<std::string>>> split_handler(std::string_view argument);

}  // namespace fairlead::app

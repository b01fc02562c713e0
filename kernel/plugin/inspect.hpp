/// What a plugin's file exports, read without running any of it.
#pragma once
#include <string>
#include <vector>

#include "base/result.hpp"

namespace fairlead::plugin {

/// Names of the symbols visible in a complete ELF file. Fails with the reader's reason.
base::Result<std::vector<std::string>> list_symbols(const std::string& path);

/// Refuses with NOT_A_TRANSPORT or OTHER_MAJOR unless the current major's symbol is among them.
base::Status check_symbols(const std::string& plugin, const std::vector<std::string>& symbols);

}  // namespace fairlead::plugin

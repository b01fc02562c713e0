/// What the reference's own project files hold that has another meaning here, or none that could be kept.
/// Used by the project reader.
#pragma once
#include <string>
#include <vector>

#include "config/diagnostics.hpp"
#include "config/tree.hpp"

namespace fairlead::config {

/// Every use of the reference's names for tcp, wherever `scheme` may stand; sorted, each once.
std::vector<std::string> legacy_schemes_in(const Node& root);

/// Reports builders that add a protection which kits of this program do not have. The others only say how
/// the reference writes its files, and are ignored.
void refuse_unsupported_builders(const Node& root, Diagnostics& diagnostics);

}  // namespace fairlead::config

/// YAML text to a tree of nodes. Its .cpp is the only file that sees yaml-cpp, and the border that catches
/// what it throws.
#pragma once
#include <optional>

#include "config/diagnostics.hpp"
#include "config/tree.hpp"

namespace fairlead::config {

inline constexpr int kMostDepth = 16;

/// Parses the source of `diagnostics`. Refuses, with position: syntax errors, duplicate keys, keys that are
/// not plain text, anchors, aliases, tags, merge keys, a second document, more than kMostDepth levels, and a
/// root that is not a map. Nothing is returned when the text is too broken to go on; with a tree there may
/// still be errors.
std::optional<Node> parse_yaml(Diagnostics& diagnostics);

/// The same for a file that may be empty: then the map is empty too.
std::optional<Node> parse_optional_yaml(Diagnostics& diagnostics);

}  // namespace fairlead::config

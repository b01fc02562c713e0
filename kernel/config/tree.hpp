/// Node: one value of a YAML file as written, with its place; what yaml_reader makes and the readers of keys
/// walk.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/project.hpp"

namespace fairlead::config {

/// One key of a map and its value.
template <class Value>
struct Keyed {
  std::string key;
  Position at;  ///< of the key
  Value value;
};

/// A value. Scalars keep their text: nothing is converted before somebody asks for a number.
struct Node {
  enum class Kind { null, scalar, list, map };
  Kind kind = Kind::null;
  Position at{};
  std::string text{};                  ///< scalar only
  bool quoted = false;                 ///< scalar in quotes or a block: certainly not a number
  std::vector<Node> items{};           ///< list only
  std::vector<Keyed<Node>> members{};  ///< map only, in the order of the file, keys unique

  /// The value of a key, null when the map has none. Do not keep it longer than the node.
  const Node* find(std::string_view key) const noexcept;
};

using Member = Keyed<Node>;

inline const Node* Node::find(std::string_view key) const noexcept {
  for (const Member& member : members)
    if (member.key == key) return &member.value;
  return nullptr;
}

}  // namespace fairlead::config

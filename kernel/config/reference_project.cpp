#include "config/reference_project.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "config/host.hpp"

namespace fairlead::config {
namespace {

/// Ends of a builder's path, and what its users would miss.
constexpr std::array kUnsupportedBuilders = {
    std::pair{std::string_view(".HEBuilder"),
              std::string_view("kits hold no context for homomorphic encryption")},
    std::pair{std::string_view(".CCBuilder"),
              std::string_view("kits hold nothing for confidential computing")},
};

void collect_legacy_schemes(const Node& node, std::vector<std::string>& found) {
  for (const Node& item : node.items) collect_legacy_schemes(item, found);
  for (const Member& member : node.members) {
    if (member.key == "scheme" && is_legacy_scheme(member.value.text)) found.push_back(member.value.text);
    const bool relevant =
        member.key == "participants" || member.key == "listeners" || member.key == "connect_to";
    if (relevant) collect_legacy_schemes(member.value, found);
  }
}

}  // namespace

std::vector<std::string> legacy_schemes_in(const Node& root) {
  std::vector<std::string> found;
  collect_legacy_schemes(root, found);
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

void refuse_unsupported_builders(const Node& root, Diagnostics& diagnostics) {
  const Node* builders = root.find("builders");
  if (builders == nullptr) return;
  for (const Node& builder : builders->items) {
    const Node* path = builder.find("path");
    if (path == nullptr) continue;
    for (const auto& [end, missing] : kUnsupportedBuilders)
      if (path->text.ends_with(end))
        diagnostics.error(path->at, "the builder " + path->text + " is refused: " + std::string(missing),
                          "remove it if the project does without");
  }
}

}  // namespace fairlead::config

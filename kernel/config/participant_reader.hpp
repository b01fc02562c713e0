/// Reading one entry of `participants`. Used by project_reader only.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "config/project.hpp"
#include "config/values.hpp"

namespace fairlead::config {

/// Keys that stand at both levels.
SharedKeys read_shared_keys(const MapReader& map);

/// One participant; reports what is wrong. Nothing when its type is not known, because then no key has a
/// meaning. Names of ignored keys are added to `ignored`.
std::optional<Participant> read_participant(const Node& node, std::vector<std::string>& ignored,
                                            Diagnostics& diagnostics);

}  // namespace fairlead::config

/// A kit as its settings stand at this site, for commands that show them.
#pragma once
#include <string>

#include "base/result.hpp"
#include "config/model.hpp"
#include "kit/kit.hpp"

namespace fairlead::app {

/// The participant of a verified kit under what the site lays over it: its local file and the environment. A
/// project of one participant, with the notes that its settings give. bad_configuration.
base::Result<config::ResolvedProject> resolve_kit(const std::string& path);
/// The same for a kit that is open.
base::Result<config::ResolvedProject> resolve_kit(const kit::Kit& kit);

}  // namespace fairlead::app

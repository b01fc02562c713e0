/// Checks the transport options of a project file against what the installed plugins declare. Used by the
/// commands that read project files.
#pragma once
#include "base/log.hpp"
#include "config/diagnostics.hpp"
#include "config/project.hpp"
#include "plugin/registry.hpp"

namespace fairlead::plugin {

/// Reports every option that its plugin does not know, and every value that it could not take, at its place
/// in the file. Options of a scheme that no plugin of this installation serves are left alone: the plugin may
/// be the site's own. Loads plugins only when the project has options for a scheme. Any thread.
void check_transport_options(const config::Project& project, const std::vector<AllowedPlugin>& allowed,
                             base::Log& log, config::Diagnostics& diagnostics);

}  // namespace fairlead::plugin

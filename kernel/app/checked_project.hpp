/// A project file read with every check that the commands make before they act on it.
#pragma once
#include <string>

#include "config/project_reader.hpp"

namespace fairlead::app {

/// config::read_project(), then the files that it names and the options of the transports of this
/// installation. All errors are in the diagnostics; the project is there when the file alone is fine.
config::ProjectReading read_checked_project(const std::string& path);

}  // namespace fairlead::app

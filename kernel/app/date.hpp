/// Days as tables show them. Used by the commands.
#pragma once
#include <string>

#include "base/clock.hpp"

namespace fairlead::app {

/// "2027-02-17", UTC.
std::string date(base::WallTime time);

}  // namespace fairlead::app

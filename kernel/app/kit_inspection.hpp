/// `fairlead kit inspect`: what a verified kit is and holds.
#pragma once
#include <string>

#include "app/output.hpp"
#include "base/clock.hpp"

namespace fairlead::app {

/// Tables on stdout, or one JSON object. `now` is what days left are counted from. A kit with a defect is not
/// described: its defect is. Gives the exit code.
int run_kit_inspect(const std::string& path, base::WallTime now, const Output& output);

}  // namespace fairlead::app

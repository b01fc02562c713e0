/// `fairlead doctor`: what stands between this kit and a working connection.
#pragma once
#include "app/arguments.hpp"
#include "app/output.hpp"

namespace fairlead::app {

struct DoctorArguments {
  NodeArguments node;
  std::string timeout = "10s";
};

/// The table of what was looked at and, below it, what to do about what failed; with --json one object with
/// the same rows. 0 when nothing failed; else 2 when connecting or logging in does, 3 when the other side is
/// silent after connecting, 4 for the kit and its settings, 1 for a port that is busy.
int run_doctor(const DoctorArguments& arguments, const Output& output);

}  // namespace fairlead::app

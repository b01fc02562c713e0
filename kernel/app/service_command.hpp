/// `fairlead server` and `fairlead client`: nodes that run until they are told to stop.
#pragma once
#include "app/arguments.hpp"
#include "app/output.hpp"

namespace fairlead::app {

/// Both print one JSON line when ready, notify the service manager, drain on SIGTERM and SIGINT (30 s; a
/// second signal: 2 s), and return the exit code.
int run_server(const ServiceArguments& arguments, const CommonArguments& common, const Output& output);
int run_client(const ServiceArguments& arguments, const CommonArguments& common, const Output& output);

}  // namespace fairlead::app

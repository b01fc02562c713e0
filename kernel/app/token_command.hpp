/// `fairlead token delegate`: a kit for a third-party process, made from a site's own.
#pragma once
#include "app/arguments.hpp"
#include "app/output.hpp"

namespace fairlead::app {

/// Gives the exit code.
int run_delegate(const DelegateArguments& arguments, const Output& output);

}  // namespace fairlead::app

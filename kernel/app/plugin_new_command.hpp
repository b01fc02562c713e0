/// `fairlead plugin new`: an out-of-tree project for a transport, made from the template of the installation.
#pragma once
#include <string>

#include "app/output.hpp"

namespace fairlead::app {

struct PluginNewArguments {
  std::string name;
  std::string folder;  ///< empty: named after the transport, in the working directory
};

/// Makes the folder as a whole or not at all, never over something that is there. Gives the exit code: 4 for
/// a name that no transport can have, 1 when the folder cannot be made or the template is not installed.
int run_plugin_new(const PluginNewArguments& arguments, const Output& output);

}  // namespace fairlead::app

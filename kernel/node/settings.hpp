/// Settings: everything a node is told when it is made. Time-outs are part of the configuration.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace fairlead::node {

/// What the command line (or an embedding program) decides.
struct Settings {
  std::filesystem::path kit;                       ///< folder of the startup kit
  std::string app;                                 ///< empty: the plain endpoint
  std::vector<std::string> set;                    ///< "key=value", as --set
  std::map<std::string, std::string> environment;  ///< FAIRLEAD_* variables
};

}  // namespace fairlead::node

/// `fairlead init`: a first project file.
#pragma once
#include <string>

#include "app/output.hpp"

namespace fairlead::app {

struct InitArguments {
  std::string output = "project.yml";  ///< "-" for stdout
  std::string name = "my_project";
};

/// Writes the file, never over one that is there. Gives the exit code: 4 for a name that no project can have,
/// 1 when the file cannot be made.
int run_init(const InitArguments& arguments, const Output& output);

}  // namespace fairlead::app

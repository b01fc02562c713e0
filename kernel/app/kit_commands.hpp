/// `fairlead kit pack` and `fairlead kit install`: a kit on its way to its site.
#pragma once
#include <string>

#include "app/output.hpp"

namespace fairlead::app {

struct PackArguments {
  std::string kit;
  std::string output;  ///< the new archive
};

struct InstallArguments {
  std::string zip;
  std::string folder;       ///< empty: named after the participant, in the working directory
  std::string fingerprint;  ///< of the project's root; empty: not compared
};

/// Give the exit code.
int run_kit_pack(const PackArguments& arguments, const Output& output);
int run_kit_install(const InstallArguments& arguments, const Output& output);

}  // namespace fairlead::app

/// Completion for shells, made from the command tree. Used by `fairlead completion`.
#pragma once
#include <string>
#include <string_view>

#include "app/command_tree.hpp"
#include "app/output.hpp"

namespace fairlead::app {

/// A script for each shell; it needs nothing beside the shell itself. Any thread.
std::string bash_completion(const CommandInfo& root);
std::string zsh_completion(const CommandInfo& root);
std::string fish_completion(const CommandInfo& root);

/// Prints the script for `shell`: bash, zsh or fish. Gives the exit code: 4 for another one.
int run_completion(std::string_view shell, const Output& output);

}  // namespace fairlead::app

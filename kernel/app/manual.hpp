/// The manual pages as scdoc text, made from the command tree and the tables of keys. Used when the program
/// is built, and installed with it.
#pragma once
#include <string>

#include "app/command_tree.hpp"

namespace fairlead::app {

/// fairlead(1): every command with its options. Any thread.
std::string command_manual(const CommandInfo& root);
/// fairlead-project(5): every key of a project file, every local setting, their names in the environment. Any
/// thread.
std::string project_manual();
/// What scdoc would read as markup is marked as plain text.
std::string plain(std::string_view text);

}  // namespace fairlead::app

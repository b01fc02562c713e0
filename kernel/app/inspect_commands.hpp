/// `fairlead ping` and `fairlead status`: how things are.
#pragma once
#include "app/arguments.hpp"
#include "app/output.hpp"

namespace fairlead::app {

/// Round trips to another node, one after another. 0 when at least one came back.
int run_ping(const PingArguments& arguments, const CommonArguments& common, const Output& output);
/// The server's view of this participant, and this side's view of the link.
int run_status(const NodeArguments& arguments, const CommonArguments& common, const Output& output);

/// Columns as wide as their widest cell, two blanks apart; the first row is the heading. Pure.
std::string table(const std::vector<std::vector<std::string>>& rows);

}  // namespace fairlead::app

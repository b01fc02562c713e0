/// What the groups of commands share to declare themselves: one reading of the command line, and the options
/// that many commands take. Used by the files of this folder and by command_line.
#pragma once
#include <CLI/CLI.hpp>
#include <any>
#include <deque>
#include <functional>
#include <iosfwd>
#include <string>

#include "app/arguments.hpp"
#include "app/output.hpp"
#include "app/passphrase.hpp"

namespace fairlead::app {

/// One reading of the command line: what the options write into, and the command that was named.
class CommandLine {
 public:
  explicit CommandLine(std::istream& standard_input) noexcept : in(standard_input) {}

  /// Arguments of one command, which live as long as this does.
  template <class Arguments>
  Arguments& arguments() {
    return std::any_cast<Arguments&>(held_.emplace_back(Arguments{}));
  }

  std::istream& in;
  CommonArguments common;
  std::function<int(const Output& output)> command;  ///< what to run; gives the exit code

 private:
  std::deque<std::any> held_;
};

/// A command below `parent`. Its options are the caller's to add, add_common() last.
CLI::App& add_command(CLI::App& parent, CommandLine& line, const std::string& name, const std::string& help,
                      std::function<int(const Output& output)> run);
/// A word that only stands before other commands, such as `config`.
CLI::App& add_group(CLI::App& root, const std::string& name, const std::string& help);

/// -q, -v, --log-level, --log-format, --json: before the command's name and after it.
void add_common(CLI::App& command, CommandLine& line);

/// Whether people choose the app part of the endpoint.
enum class AppChoice { chosen, fixed };
/// -k, --set and, when the app can be chosen, --as.
void add_node(CLI::App& command, NodeArguments& node, AppChoice app);

/// --passphrase-fd, --passphrase-env, --no-passphrase.
void add_passphrase(CLI::App& command, PassphraseArguments& passphrase);

}  // namespace fairlead::app

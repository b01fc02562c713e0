#include "app/completion.hpp"

#include "app/options/command_groups.hpp"
#include "app/options/command_line_parts.hpp"

namespace fairlead::app {

void add_completion(CLI::App& root, CommandLine& line) {
  auto& shell = line.arguments<std::string>();
  CLI::App& command = add_command(root, line, "completion", "Print completion for a shell",
                                  [&](const Output& to) { return run_completion(shell, to); });
  command.add_option("SHELL", shell, "bash, zsh or fish")->required();
  add_common(command, line);
}

}  // namespace fairlead::app

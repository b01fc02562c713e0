#include "app/init_command.hpp"
#include "app/options/command_groups.hpp"
#include "app/options/command_line_parts.hpp"

namespace fairlead::app {

void add_init(CLI::App& root, CommandLine& line) {
  auto& arguments = line.arguments<InitArguments>();
  CLI::App& command = add_command(root, line, "init", "Write a commented project file to start from",
                                  [&](const Output& to) { return run_init(arguments, to); });
  command.add_option("-o,--output", arguments.output, "The new file; - for standard output [project.yml]")
      ->type_name("FILE");
  command.add_option("--name", arguments.name, "Name of the project [my_project]")->type_name("NAME");
  add_common(command, line);
}

}  // namespace fairlead::app

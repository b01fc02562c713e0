#include "app/options/plugin_new.hpp"

#include "app/options/command_line_parts.hpp"
#include "app/plugin_new_command.hpp"

namespace fairlead::app {

void add_plugin_new(CLI::App& plugin, CommandLine& line) {
  auto& arguments = line.arguments<PluginNewArguments>();
  CLI::App& made = add_command(plugin, line, "new", "Make a project for a transport of your own",
                               [&](const Output& to) { return run_plugin_new(arguments, to); });
  made.add_option("name", arguments.name, "What the transport is called")->type_name("NAME")->required();
  made.add_option("-o,--output", arguments.folder, "The new folder [NAME]")->type_name("DIR");
  add_common(made, line);
}

}  // namespace fairlead::app

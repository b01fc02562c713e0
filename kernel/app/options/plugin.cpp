#include "app/options/command_groups.hpp"
#include "app/options/command_line_parts.hpp"
#include "app/options/plugin_new.hpp"
#include "app/plugin_commands.hpp"

namespace fairlead::app {
namespace {

void add_list(CLI::App& plugin, CommandLine& line) {
  auto& kit = line.arguments<std::string>();
  CLI::App& list = add_command(plugin, line, "list", "List them",
                               [&](const Output& to) { return run_plugin_list(kit, line.common, to); });
  list.add_option("-k,--kit", kit, "Also what this kit says about them")->type_name("KIT");
  add_common(list, line);
}

void add_describe(CLI::App& plugin, CommandLine& line) {
  auto& arguments = line.arguments<PluginDescribeArguments>();
  CLI::App& describe =
      add_command(plugin, line, "describe", "What one can do and which options it takes",
                  [&](const Output& to) { return run_plugin_describe(arguments, line.common, to); });
  describe.add_option("scheme", arguments.scheme, "Scheme, such as tcp")->type_name("SCHEME")->required();
  describe.add_option("-k,--kit", arguments.kit, "The one that a node with this kit uses")->type_name("KIT");
  add_common(describe, line);
}

void add_check(CLI::App& plugin, CommandLine& line) {
  auto& arguments = line.arguments<PluginCheckArguments>();
  CLI::App& check =
      add_command(plugin, line, "check", "Load one and judge it with the conformance kit",
                  [&](const Output& to) { return run_plugin_check(arguments, line.common, to); });
  check.add_option("file", arguments.file, "The plugin")->type_name("FILE.so")->required();
  check.add_option("--setup", arguments.setup, "How to use it [FILE.check.json]")->type_name("FILE.json");
  check.add_option("--only", arguments.only, "Only this check; may be repeated")->type_name("ID");
  check.add_option("--seed", arguments.seed, "Seed of the random schedules")->type_name("N");
  add_common(check, line);
}

}  // namespace

void add_plugin(CLI::App& root, CommandLine& line) {
  CLI::App& plugin = add_group(root, "plugin", "Transports: the ones of this installation, and your own");
  add_list(plugin, line);
  add_describe(plugin, line);
  add_check(plugin, line);
  add_plugin_new(plugin, line);
}

}  // namespace fairlead::app

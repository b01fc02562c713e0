#include "app/inspect_commands.hpp"
#include "app/options/command_groups.hpp"
#include "app/options/command_line_parts.hpp"
#include "app/options/plugin_new.hpp"

namespace fairlead::app {
namespace {

void add_status(CLI::App& root, CommandLine& line) {
  auto& arguments = line.arguments<NodeArguments>();
  CLI::App& status = add_command(root, line, "status", "The server's view of this participant",
                                 [&](const Output& to) { return run_status(arguments, line.common, to); });
  add_node(status, arguments, AppChoice::chosen);
  add_common(status, line);
}

void add_ping(CLI::App& root, CommandLine& line) {
  auto& arguments = line.arguments<PingArguments>();
  CLI::App& ping = add_command(root, line, "ping", "Measure round trips",
                               [&](const Output& to) { return run_ping(arguments, line.common, to); });
  add_node(ping, arguments.node, AppChoice::chosen);
  ping.add_option("--to", arguments.to, "Endpoint")->type_name("ENDPOINT")->required();
  ping.add_option("-c,--count", arguments.count, "How many [5]")->type_name("COUNT");
  ping.add_option("--size", arguments.size, "Payload [1024]")->type_name("BYTES");
  ping.add_option("--timeout", arguments.timeout, "Longest wait for each [10s]")->type_name("TIME");
  add_common(ping, line);
}

}  // namespace

void add_inspection(CLI::App& root, CommandLine& line) {
  add_status(root, line);
  add_ping(root, line);
}

void add_plugin(CLI::App& root, CommandLine& line) {
  CLI::App& plugin = add_group(root, "plugin", "Transports of this installation");
  auto& kit = line.arguments<std::string>();
  CLI::App& list = add_command(plugin, line, "list", "List them",
                               [&](const Output& to) { return run_plugin_list(kit, line.common, to); });
  list.add_option("-k,--kit", kit, "Also what this kit says about them")->type_name("KIT");
  add_common(list, line);
  add_plugin_new(plugin, line);
}

}  // namespace fairlead::app

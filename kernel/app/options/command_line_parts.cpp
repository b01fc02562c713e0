#include "app/options/command_line_parts.hpp"

namespace fairlead::app {

CLI::App& add_command(CLI::App& parent, CommandLine& line, const std::string& name, const std::string& help,
                      std::function<int(const Output& output)> run) {
  CLI::App& command = *parent.add_subcommand(name, help);
  command.callback([&line, run = std::move(run)] { line.command = run; });
  return command;
}

CLI::App& add_group(CLI::App& root, const std::string& name, const std::string& help) {
  CLI::App& group = *root.add_subcommand(name, help);
  group.require_subcommand(1);
  return group;
}

void add_common(CLI::App& command, CommandLine& line) {
  CommonArguments& common = line.common;
  command.add_flag("-q,--quiet", common.quiet, "Errors only");
  command.add_flag("-v,--verbose", common.verbose, "Debug lines too");
  command.add_option("--log-level", common.log_level, "debug, info, warning, error or off")
      ->type_name("LEVEL");
  command.add_option("--log-format", common.log_format, "text or json")->type_name("FORMAT");
  command.add_flag("--json", common.json, "One JSON object on stdout");
}

void add_node(CLI::App& command, NodeArguments& node, AppChoice app) {
  command.add_option("-k,--kit", node.kit, "Folder of the startup kit")->type_name("KIT")->required();
  command.add_option("--set", node.set, "Override one setting")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  if (app == AppChoice::chosen)
    command.add_option("--as", node.as, "Log in as PARTICIPANT/APP instead")->type_name("APP");
}

void add_passphrase(CLI::App& command, PassphraseArguments& passphrase) {
  auto* fd = command.add_option("--passphrase-fd", passphrase.fd, "Read the root key's passphrase here");
  auto* variable = command.add_option("--passphrase-env", passphrase.variable, "Take it from this variable");
  auto* none = command.add_flag("--no-passphrase", passphrase.none, "Leave the root key in the clear");
  fd->type_name("N")->excludes(variable)->excludes(none);
  variable->type_name("NAME")->excludes(none);
}

}  // namespace fairlead::app

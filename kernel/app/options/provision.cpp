#include "app/options/command_groups.hpp"
#include "app/options/command_line_parts.hpp"
#include "app/provision_command.hpp"

namespace fairlead::app {

void add_provision(CLI::App& root, CommandLine& line) {
  auto& arguments = line.arguments<ProvisionArguments>();
  CLI::App& command =
      add_command(root, line, "provision", "Make the startup kits of a project", [&](const Output& to) {
        arguments.json = line.common.json;
        return run_provision(arguments, to.out, to.err);
      });
  command.add_option("PROJECT", arguments.project_file, "The project file")->required();
  command.add_option("-w,--workspace", arguments.workspace, "Folder for keys and kits")
      ->type_name("DIR")
      ->required();
  command.add_flag("--dry-run", arguments.dry_run, "Say what would be done");
  command.add_option("--key-type", arguments.key_type, "p256, p384, ed25519 or rsa3072 [p256]")
      ->type_name("TYPE");
  command.add_option("--days", arguments.days, "How long certificates are valid")->type_name("N");
  add_passphrase(command, arguments.passphrase);
  add_common(command, line);
}

}  // namespace fairlead::app

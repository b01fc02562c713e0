#include "app/options/command_groups.hpp"
#include "app/options/command_line_parts.hpp"
#include "app/version.hpp"

namespace fairlead::app {

void add_everything(CLI::App& root, CommandLine& line) {
  root.name("fairlead");
  root.description("Secure messages between the participants of a project.");
  root.require_subcommand(1);
  root.footer("`fairlead help COMMAND` explains one of them.");
  root.set_version_flag("--version", version_text(), "Print the versions");
  root.set_help_all_flag("--help-all", "Help of every command");
  add_common(root, line);
  add_init(root, line);
  add_config(root, line);
  add_provision(root, line);
  add_services(root, line);
  add_messages(root, line);
  add_inspection(root, line);
  add_plugin(root, line);
  add_admin(root, line);
  add_kit(root, line);
  add_cert(root, line);
  add_token(root, line);
  add_doctor(root, line);
  add_completion(root, line);
}

}  // namespace fairlead::app

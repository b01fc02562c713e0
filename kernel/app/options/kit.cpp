#include "app/kit_commands.hpp"
#include "app/kit_inspection.hpp"
#include "app/options/command_groups.hpp"
#include "app/options/command_line_parts.hpp"

namespace fairlead::app {
namespace {

void add_inspect(CLI::App& group, CommandLine& line) {
  auto& kit = line.arguments<std::string>();
  CLI::App& command =
      add_command(group, line, "inspect", "Verify a startup kit and show what it is and holds",
                  [&](const Output& to) { return run_kit_inspect(kit, base::SystemClock().wall(), to); });
  command.add_option("kit", kit, "Folder of the startup kit")->type_name("KIT")->required();
  add_common(command, line);
}

void add_pack(CLI::App& group, CommandLine& line) {
  auto& arguments = line.arguments<PackArguments>();
  CLI::App& command =
      add_command(group, line, "pack", "Put a verified startup kit into a zip archive, with its private keys",
                  [&](const Output& to) { return run_kit_pack(arguments, to); });
  command.add_option("kit", arguments.kit, "Folder of the startup kit")->type_name("KIT")->required();
  command.add_option("-o,--output", arguments.output, "The new archive")->type_name("ZIP")->required();
  add_common(command, line);
}

void add_install(CLI::App& group, CommandLine& line) {
  auto& arguments = line.arguments<InstallArguments>();
  CLI::App& command =
      add_command(group, line, "install", "Verify a startup kit in a zip archive and put it into a folder",
                  [&](const Output& to) { return run_kit_install(arguments, to); });
  command.add_option("zip", arguments.zip, "Archive of one kit")->type_name("ZIP")->required();
  command
      .add_option("-o,--output", arguments.folder,
                  "New folder, or that of an older version of the kit [./PARTICIPANT]")
      ->type_name("FOLDER");
  command
      .add_option("--fingerprint", arguments.fingerprint,
                  "SHA-256 that the project's root certificate must have, from another channel")
      ->type_name("HEX");
  add_common(command, line);
}

}  // namespace

void add_kit(CLI::App& root, CommandLine& line) {
  CLI::App& kit = add_group(root, "kit", "Look at startup kits and bring them to their sites");
  add_inspect(kit, line);
  add_pack(kit, line);
  add_install(kit, line);
}

}  // namespace fairlead::app

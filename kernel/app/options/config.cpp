#include "app/config_commands.hpp"
#include "app/options/command_groups.hpp"
#include "app/options/command_line_parts.hpp"

namespace fairlead::app {
namespace {

struct ConfigArguments {
  std::string path, participant;
};

}  // namespace

void add_config(CLI::App& root, CommandLine& line) {
  CLI::App& config = add_group(root, "config", "Check and explain configuration");
  auto& checked = line.arguments<ConfigArguments>();
  CLI::App& check = add_command(
      config, line, "check", "Check a project file or a kit",
      [&](const Output& to) { return run_config_check(checked.path, line.common.json, to.out, to.err); });
  check.add_option("PATH", checked.path, "A project file or a kit")->required();
  add_common(check, line);

  auto& explained = line.arguments<ConfigArguments>();
  CLI::App& explain =
      add_command(config, line, "explain", "Show every value and its origin", [&](const Output& to) {
        return run_config_explain(explained.path, explained.participant, line.common.json, to.out, to.err);
      });
  explain.add_option("PATH", explained.path, "A project file or a kit")->required();
  explain.add_option("PARTICIPANT", explained.participant, "Only this one");
  add_common(explain, line);

  CLI::App& schema =
      add_command(config, line, "schema", "Print the JSON Schema of the project file, for editors",
                  [&](const Output& to) { return run_config_schema(line.common.json, to.out, to.err); });
  add_common(schema, line);
}

}  // namespace fairlead::app

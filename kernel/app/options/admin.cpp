#include "app/admin_commands.hpp"
#include "app/options/command_groups.hpp"
#include "app/options/command_line_parts.hpp"

namespace fairlead::app {
namespace {

CLI::App& add_action(CLI::App& admin, CommandLine& line, AdminArguments& arguments, const std::string& name,
                     const std::string& help) {
  CLI::App& action = add_command(admin, line, name, help, [&line, &arguments, name](const Output& to) {
    return run_admin(name, arguments, line.common, to);
  });
  action.fallthrough();  // -k may stand behind it too
  add_common(action, line);
  return action;
}

}  // namespace

void add_admin(CLI::App& root, CommandLine& line) {
  CLI::App& admin = add_group(root, "admin", "Administer a running server");
  auto& arguments = line.arguments<AdminArguments>();
  add_node(admin, arguments.node, AppChoice::fixed);
  const auto add = [&](const char* name, const char* help) -> CLI::App& {
    return add_action(admin, line, arguments, name, help);
  };
  add("sessions", "Who is logged in, and who is disabled");
  const std::pair<const char*, const char*> on_one[] = {
      {"kick", "End a participant's sessions; it may log in again"},
      {"disable", "End them and refuse its logins from now on"},
      {"enable", "Let it log in again"}};
  for (const auto& [name, help] : on_one)
    add(name, help).add_option("NAME", arguments.name, "Participant, as in the project file")->required();
  add("reload", "Make the server use its kit as it stands now, as SIGHUP does");
  add("drain", "End the server in order, as SIGTERM does");
  CLI::App& audit = add("audit", "What administrators did");
  audit.add_option("--limit", arguments.limit, "How many of the newest entries [50]")->type_name("N");
  audit.add_flag("--verify", arguments.verify, "Check the whole chain instead");
}

}  // namespace fairlead::app

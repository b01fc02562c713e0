#include "app/options/command_groups.hpp"
#include "app/options/command_line_parts.hpp"
#include "app/service_command.hpp"

namespace fairlead::app {
namespace {

void add_handlers(CLI::App& command, ServiceArguments& service) {
  command
      .add_option("--on", service.on,
                  "Run COMMAND for each message with this topic: payload on stdin, reply from stdout")
      ->type_name("TOPIC=COMMAND")
      ->allow_extra_args(false);
  command.add_option("--inbox", service.inbox, "Store messages with topic \"file\" in this folder")
      ->type_name("DIR");
  command.add_flag("--echo", service.echo,
                   "Answer requests that no other handler wants with their own payload");
}

}  // namespace

void add_services(CLI::App& root, CommandLine& line) {
  auto& served = line.arguments<ServiceArguments>();
  CLI::App& server = add_command(root, line, "server", "Run the server of a project",
                                 [&](const Output& to) { return run_server(served, line.common, to); });
  add_node(server, served.node, AppChoice::fixed);
  add_handlers(server, served);
  server.add_option("--broadcast", served.broadcast, "Pass messages with this topic on to every client")
      ->type_name("TOPIC");
  add_common(server, line);

  auto& taking_part = line.arguments<ServiceArguments>();
  CLI::App& client = add_command(root, line, "client", "Run a participant",
                                 [&](const Output& to) { return run_client(taking_part, line.common, to); });
  add_node(client, taking_part.node, AppChoice::chosen);
  add_handlers(client, taking_part);
  add_common(client, line);
}

}  // namespace fairlead::app

#include "app/options/command_groups.hpp"
#include "app/options/command_line_parts.hpp"
#include "app/token_command.hpp"

namespace fairlead::app {

void add_token(CLI::App& root, CommandLine& line) {
  CLI::App& token = add_group(root, "token", "Credentials for other processes");
  auto& arguments = line.arguments<DelegateArguments>();
  CLI::App& delegate = add_command(token, line, "delegate",
                                   "Let a third-party process speak as an endpoint of this site, for a while",
                                   [&](const Output& to) { return run_delegate(arguments, to); });
  delegate.add_option("-k,--kit", arguments.kit, "Folder of the site's startup kit")
      ->type_name("KIT")
      ->required();
  delegate.add_option("--as", arguments.endpoint, "Endpoint below the site, such as site-1/sensor")
      ->type_name("NAME/APP")
      ->required();
  delegate
      .add_option("--topics", arguments.topics,
                  "Topics that it may send, separated by commas; one may end in *")
      ->type_name("LIST")
      ->required();
  delegate.add_option("--ttl", arguments.life, "How long it may, at most 24h [1h]")->type_name("TIME");
  delegate.add_option("-o,--output", arguments.folder, "New folder for its kit [./NAME-APP]")
      ->type_name("FOLDER");
  add_common(delegate, line);
}

}  // namespace fairlead::app

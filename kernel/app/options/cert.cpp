#include "app/cert_commands.hpp"
#include "app/options/cert_request.hpp"
#include "app/options/command_groups.hpp"
#include "app/options/command_line_parts.hpp"

namespace fairlead::app {
namespace {

void add_revoke(CLI::App& cert, CommandLine& line) {
  auto& arguments = line.arguments<RevokeArguments>();
  CLI::App& revoke = add_command(cert, line, "revoke", "Put a participant on the project's revocation list",
                                 [&](const Output& to) { return run_revoke(arguments, to); });
  revoke.add_option("NAME", arguments.name, "Participant, as in the project file");
  revoke.add_option("-w,--workspace", arguments.workspace, "Folder with keys and kits")
      ->type_name("DIR")
      ->required();
  revoke.add_option("--project", arguments.project, "Which one, when the workspace has several")
      ->type_name("PROJECT");
  revoke.add_flag("--refresh", arguments.refresh, "Revoke nobody, issue the list anew");
  revoke
      .add_option("--reason", arguments.reason,
                  "keyCompromise, superseded, cessationOfOperation or unspecified [unspecified]")
      ->type_name("REASON");
  revoke
      .add_option("--next-update", arguments.next_update, "How long the list is good [as long as the root]")
      ->type_name("PERIOD");
  add_passphrase(revoke, arguments.passphrase);
  add_common(revoke, line);
}

void add_expiring(CLI::App& cert, CommandLine& line) {
  auto& arguments = line.arguments<ExpiringArguments>();
  CLI::App& expiring =
      add_command(cert, line, "expiring", "List the certificates that end soon; exit code 1 if there are any",
                  [&](const Output& to) {
                    arguments.quiet = line.common.quiet;
                    return run_expiring(arguments, to);
                  });
  expiring.add_option("PATH", arguments.path, "A kit, a workspace or a folder with kits")->required();
  expiring.add_option("--within", arguments.within, "How soon is soon [30d]")->type_name("PERIOD");
  add_common(expiring, line);
}

}  // namespace

void add_cert(CLI::App& root, CommandLine& line) {
  CLI::App& cert = add_group(root, "cert", "Certificates: requests, renewal, revocation");
  add_cert_requests(cert, line);
  add_revoke(cert, line);
  add_expiring(cert, line);
}

}  // namespace fairlead::app

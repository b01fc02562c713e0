#include "app/options/cert_request.hpp"

#include "app/cert_request_commands.hpp"
#include "app/options/command_line_parts.hpp"

namespace fairlead::app {
namespace {

void add_key_type(CLI::App& command, std::string& key_type) {
  command.add_option("--key-type", key_type, "p256, p384, ed25519 or rsa3072 [p256]")->type_name("TYPE");
}

void add_request(CLI::App& cert, CommandLine& line) {
  auto& arguments = line.arguments<CertRequestArguments>();
  CLI::App& request =
      add_command(cert, line, "request", "At the site: make a key that stays, and ask for its certificate",
                  [&](const Output& to) { return run_cert_request(arguments, to); });
  request.add_option("PROJECT", arguments.project, "The project file, or the project's name")->required();
  request.add_option("NAME", arguments.name, "This participant, as in the project file")->required();
  request.add_option("-o,--output", arguments.output, "Archive to send to the admin")
      ->type_name("ZIP")
      ->required();
  request.add_option("--kit", arguments.kit, "Folder that becomes the kit [./NAME]")->type_name("DIR");
  request.add_option("--type", arguments.type, "client, admin, service or server [client]")
      ->type_name("KIND");
  add_key_type(request, arguments.key_type);
  add_common(request, line);
}

void add_approve(CLI::App& cert, CommandLine& line) {
  auto& arguments = line.arguments<CertApproveArguments>();
  CLI::App& approve = add_command(cert, line, "approve", "At the admin: issue what a site asks for",
                                  [&](const Output& to) { return run_cert_approve(arguments, to); });
  approve.add_option("ZIP", arguments.request, "The site's request")->required();
  approve.add_option("-w,--workspace", arguments.workspace, "Folder with keys and kits")
      ->type_name("DIR")
      ->required();
  approve.add_option("-o,--output", arguments.output, "Archive to send to the site")
      ->type_name("ZIP")
      ->required();
  approve.add_flag("--replace", arguments.replace, "Also when the site had another key approved before");
  approve.add_option("--days", arguments.days, "How long the certificate is valid")->type_name("N");
  add_passphrase(approve, arguments.passphrase);
  add_common(approve, line);
}

void add_install(CLI::App& cert, CommandLine& line) {
  auto& arguments = line.arguments<CertInstallArguments>();
  CLI::App& install =
      add_command(cert, line, "install", "At the site: make a kit of the answer and the key that stayed",
                  [&](const Output& to) { return run_cert_install(arguments, to); });
  install.add_option("ZIP", arguments.approval, "The admin's answer")->required();
  install.add_option("--fingerprint", arguments.fingerprint, "SHA-256 of the project's root, from the admin")
      ->type_name("ROOT")
      ->required();
  install.add_option("--kit", arguments.kit, "Folder with the key [./NAME]")->type_name("DIR");
  add_common(install, line);
}

void add_renew(CLI::App& cert, CommandLine& line) {
  auto& arguments = line.arguments<CertRenewArguments>();
  CLI::App& renew =
      add_command(cert, line, "renew", "At the site: get a new certificate over a session with the server",
                  [&](const Output& to) { return run_cert_renew(arguments, line.common, to); });
  add_node(renew, arguments.node, AppChoice::fixed);
  renew.add_flag("--keep-key", arguments.keep_key, "For the present key instead of a new one");
  add_key_type(renew, arguments.key_type);
  add_common(renew, line);
}

}  // namespace

void add_cert_requests(CLI::App& cert, CommandLine& line) {
  add_request(cert, line);
  add_approve(cert, line);
  add_install(cert, line);
  add_renew(cert, line);
}

}  // namespace fairlead::app

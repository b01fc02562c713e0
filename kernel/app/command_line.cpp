#include "app/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <istream>
#include <ostream>
#include <string_view>

#include "app/admin_commands.hpp"
#include "app/config_commands.hpp"
#include "app/inspect_commands.hpp"
#include "app/message_commands.hpp"
#include "app/provision_command.hpp"
#include "app/service_command.hpp"
#include "app/token_command.hpp"
#include "app/version.hpp"
#include "config/nearest.hpp"

namespace fairlead::app {
namespace {

/// Everything the options write into, and the command that was named.
struct Parsed {
  CommonArguments common;
  ServiceArguments service;
  MessageArguments message;
  ListenArguments listen;
  PingArguments ping;
  AdminArguments admin;
  DelegateArguments delegate;
  ProvisionArguments provision;
  NodeArguments status;
  std::string kit, path, participant;
  std::function<int(const Output& output)> command;
};

CLI::App& add_command(CLI::App& parent, Parsed& parsed, const std::string& name, const std::string& help,
                      std::function<int(const Output& output)> run) {
  CLI::App& command = *parent.add_subcommand(name, help);
  command.callback([&parsed, run = std::move(run)] { parsed.command = run; });
  return command;
}

/// Before the command's name and after it.
void add_common(CLI::App& command, CommonArguments& common) {
  command.add_flag("-q,--quiet", common.quiet, "Errors only");
  command.add_flag("-v,--verbose", common.verbose, "Debug lines too");
  command.add_option("--log-level", common.log_level, "debug, info, warning, error or off")
      ->type_name("LEVEL");
  command.add_option("--log-format", common.log_format, "text or json")->type_name("FORMAT");
  command.add_flag("--json", common.json, "One JSON object on stdout");
}

enum class App { chosen, fixed };

void add_node(CLI::App& command, NodeArguments& node, App app) {
  command.add_option("-k,--kit", node.kit, "Folder of the startup kit")->type_name("KIT")->required();
  command.add_option("--set", node.set, "Override one setting")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  if (app == App::chosen)
    command.add_option("--as", node.as, "Log in as PARTICIPANT/APP instead")->type_name("APP");
}

void add_config(CLI::App& root, Parsed& parsed) {
  CLI::App& config = *root.add_subcommand("config", "Check and explain configuration");
  config.require_subcommand(1);
  CLI::App& check =
      add_command(config, parsed, "check", "Check a project file or a kit", [&parsed](const Output& to) {
        return run_config_check(parsed.path, parsed.common.json, to.out, to.err);
      });
  check.add_option("PATH", parsed.path, "A project file or a kit")->required();
  add_common(check, parsed.common);
  CLI::App& explain =
      add_command(config, parsed, "explain", "Show every value and its origin", [&parsed](const Output& to) {
        return run_config_explain(parsed.path, parsed.participant, parsed.common.json, to.out, to.err);
      });
  explain.add_option("PATH", parsed.path, "A project file or a kit")->required();
  explain.add_option("PARTICIPANT", parsed.participant, "Only this one");
  add_common(explain, parsed.common);
}

void add_provision(CLI::App& root, Parsed& parsed) {
  CLI::App& command = add_command(root, parsed, "provision", "Make the startup kits of a project",
                                  [&parsed](const Output& to) {
                                    parsed.provision.json = parsed.common.json;
                                    return run_provision(parsed.provision, to.out, to.err);
                                  });
  ProvisionArguments& provision = parsed.provision;
  command.add_option("PROJECT", provision.project_file, "The project file")->required();
  command.add_option("-w,--workspace", provision.workspace, "Folder for keys and kits")
      ->type_name("DIR")
      ->required();
  command.add_flag("--dry-run", provision.dry_run, "Say what would be done");
  command.add_option("--key-type", provision.key_type, "p256, p384, ed25519 or rsa3072 [p256]")
      ->type_name("TYPE");
  command.add_option("--days", provision.days, "How long certificates are valid")->type_name("N");
  auto* fd =
      command.add_option("--passphrase-fd", provision.passphrase_fd, "Read the root key's passphrase here");
  auto* variable =
      command.add_option("--passphrase-env", provision.passphrase_env, "Take it from this variable");
  auto* none =
      command.add_flag("--no-passphrase", provision.no_passphrase, "Leave the root key in the clear");
  fd->type_name("N")->excludes(variable)->excludes(none);
  variable->type_name("NAME")->excludes(none);
  add_common(command, parsed.common);
}

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

void add_services(CLI::App& root, Parsed& parsed) {
  CLI::App& server =
      add_command(root, parsed, "server", "Run the server of a project",
                  [&parsed](const Output& to) { return run_server(parsed.service, parsed.common, to); });
  add_node(server, parsed.service.node, App::fixed);
  add_handlers(server, parsed.service);
  server
      .add_option("--broadcast", parsed.service.broadcast, "Pass messages with this topic on to every client")
      ->type_name("TOPIC");
  add_common(server, parsed.common);
  CLI::App& client = add_command(root, parsed, "client", "Run a participant", [&parsed](const Output& to) {
    return run_client(parsed.service, parsed.common, to);
  });
  add_node(client, parsed.service.node, App::chosen);
  add_handlers(client, parsed.service);
  add_common(client, parsed.common);
}

void add_message(CLI::App& command, MessageArguments& message) {
  add_node(command, message.node, App::chosen);
  command.add_option("--to", message.to, "Endpoint, such as site-1 or server/app")
      ->type_name("ENDPOINT")
      ->required();
  command.add_option("--topic", message.topic, "Topic; files have \"file\" unless one is given")
      ->type_name("TOPIC");
  command.add_option("--data", message.data, "Payload as text")->type_name("TEXT")->allow_extra_args(false);
  command.add_option("--file", message.files, "Payload from a file; again for more messages")
      ->type_name("FILE")
      ->allow_extra_args(false);
  command.add_option("INPUT", message.standard_input, "- for the payload from standard input");
}

void add_messages(CLI::App& root, Parsed& parsed, std::istream& in) {
  CLI::App& send =
      add_command(root, parsed, "send", "Send messages that need no answer",
                  [&](const Output& to) { return run_send(parsed.message, parsed.common, in, to); });
  add_message(send, parsed.message);
  add_common(send, parsed.common);
  CLI::App& request =
      add_command(root, parsed, "request", "Send a request and print the answer",
                  [&](const Output& to) { return run_request(parsed.message, parsed.common, in, to); });
  add_message(request, parsed.message);
  request.add_option("--timeout", parsed.message.timeout, "Longest wait for an answer [30s]")
      ->type_name("TIME");
  request.add_option("-o,--output", parsed.message.output, "Put the answer into this file")
      ->type_name("FILE");
  add_common(request, parsed.common);
  CLI::App& listen = add_command(root, parsed, "listen", "Print messages", [&parsed](const Output& to) {
    return run_listen(parsed.listen, parsed.common, to);
  });
  add_node(listen, parsed.listen.node, App::chosen);
  listen.add_option("--topic", parsed.listen.topics, "Topic; again for more")
      ->type_name("TOPIC")
      ->required()
      ->allow_extra_args(false);
  listen.add_flag("--jsonl", parsed.listen.jsonl, "One JSON object for each message");
  add_common(listen, parsed.common);
}

void add_inspection(CLI::App& root, Parsed& parsed) {
  CLI::App& status =
      add_command(root, parsed, "status", "The server's view of this participant",
                  [&parsed](const Output& to) { return run_status(parsed.status, parsed.common, to); });
  add_node(status, parsed.status, App::chosen);
  add_common(status, parsed.common);
  CLI::App& ping = add_command(root, parsed, "ping", "Measure round trips", [&parsed](const Output& to) {
    return run_ping(parsed.ping, parsed.common, to);
  });
  add_node(ping, parsed.ping.node, App::chosen);
  ping.add_option("--to", parsed.ping.to, "Endpoint")->type_name("ENDPOINT")->required();
  ping.add_option("-c,--count", parsed.ping.count, "How many [5]")->type_name("COUNT");
  ping.add_option("--size", parsed.ping.size, "Payload [1024]")->type_name("BYTES");
  ping.add_option("--timeout", parsed.ping.timeout, "Longest wait for each [10s]")->type_name("TIME");
  add_common(ping, parsed.common);
  CLI::App& plugin = *root.add_subcommand("plugin", "Transports of this installation");
  plugin.require_subcommand(1);
  CLI::App& list = add_command(plugin, parsed, "list", "List them", [&parsed](const Output& to) {
    return run_plugin_list(parsed.kit, parsed.common, to);
  });
  list.add_option("-k,--kit", parsed.kit, "Also what this kit says about them")->type_name("KIT");
  add_common(list, parsed.common);
}

void add_token(CLI::App& root, Parsed& parsed) {
  CLI::App& token = *root.add_subcommand("token", "Credentials for other processes");
  token.require_subcommand(1);
  CLI::App& delegate = add_command(token, parsed, "delegate",
                                   "Let a third-party process speak as an endpoint of this site, for a while",
                                   [&parsed](const Output& to) { return run_delegate(parsed.delegate, to); });
  DelegateArguments& arguments = parsed.delegate;
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
  add_common(delegate, parsed.common);
}

CLI::App& add_admin_action(CLI::App& admin, Parsed& parsed, const std::string& name,
                           const std::string& help) {
  CLI::App& action = add_command(admin, parsed, name, help, [&parsed, name](const Output& to) {
    return run_admin(name, parsed.admin, parsed.common, to);
  });
  action.fallthrough();  // -k may stand behind it too
  add_common(action, parsed.common);
  return action;
}

void add_admin(CLI::App& root, Parsed& parsed) {
  CLI::App& admin = *root.add_subcommand("admin", "Administer a running server");
  admin.require_subcommand(1);
  add_node(admin, parsed.admin.node, App::fixed);
  add_admin_action(admin, parsed, "sessions", "Who is logged in, and who is disabled");
  const std::pair<const char*, const char*> on_one[] = {
      {"kick", "End a participant's sessions; it may log in again"},
      {"disable", "End them and refuse its logins from now on"},
      {"enable", "Let it log in again"}};
  for (const auto& [name, help] : on_one)
    add_admin_action(admin, parsed, name, help)
        .add_option("NAME", parsed.admin.name, "Participant, as in the project file")
        ->required();
  add_admin_action(admin, parsed, "reload", "Make the server use its kit as it stands now, as SIGHUP does");
  add_admin_action(admin, parsed, "drain", "End the server in order, as SIGTERM does");
  CLI::App& audit = add_admin_action(admin, parsed, "audit", "What administrators did");
  audit.add_option("--limit", parsed.admin.limit, "How many of the newest entries [50]")->type_name("N");
  audit.add_flag("--verify", parsed.admin.verify, "Check the whole chain instead");
}

/// The deepest command that was named, for the hint: "fairlead config check".
std::string named_command(const CLI::App& root) {
  std::string name = "fairlead";
  for (const CLI::App* at = &root; !at->get_subcommands().empty();) {
    at = at->get_subcommands().front();
    name += " " + at->get_name();
  }
  return name;
}

/// "; did you mean `fairlead NAME`?" when a command is near the typed word.
std::string meant_command(const CLI::App& root, std::string_view typed) {
  std::vector<std::string> names;
  for (const CLI::App* command : root.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  const std::vector<std::string_view> views(names.begin(), names.end());
  const auto near = config::nearest(typed, views);
  return near ? "; did you mean `fairlead " + std::string(*near) + "`?" : "";
}

int refuse(const CLI::App& root, const CLI::ParseError& error, const Output& output) {
  std::string text = error.what();
  std::ranges::replace(text, '\n', ' ');
  // CLI11 complains about what is missing first; what is unknown tells people more.
  const std::vector<std::string> unknown = root.remaining(true);
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::RequiredError) && !unknown.empty()) {
    const bool is_option = unknown.front().starts_with("-");
    text = std::string("there is no ") + (is_option ? "option" : "command") + " \"" + unknown.front() + "\"";
    if (!is_option) text += meant_command(root, unknown.front());
  }
  return report({base::ErrorCode::bad_arguments, text, "see `" + named_command(root) + " --help`"}, output);
}

/// Asked for before anything could be parsed.
Form wished_form(int count, const char* const* arguments) {
  return std::any_of(arguments, arguments + count, [](std::string_view one) { return one == "--json"; })
             ? Form::json
             : Form::text;
}

/// `help X...` means `X... --help`. The vector is reversed, as CLI11 wants it.
std::vector<std::string> reversed_words(int count, const char* const* arguments) {
  std::vector<std::string> words(arguments + 1, arguments + count);
  if (!words.empty() && words.front() == "help") {
    words.erase(words.begin());
    words.emplace_back("--help");
  }
  std::ranges::reverse(words);
  return words;
}

}  // namespace

int run_command_line(int count, const char* const* arguments, const Streams& streams) {
  CLI::App root("Secure messages between the participants of a project.", "fairlead");
  Parsed parsed;
  root.require_subcommand(1);
  root.footer("`fairlead help COMMAND` explains one of them.");
  root.set_version_flag("--version", version_text(), "Print the versions");
  root.set_help_all_flag("--help-all", "Help of every command");
  add_common(root, parsed.common);
  add_config(root, parsed);
  add_provision(root, parsed);
  add_services(root, parsed);
  add_messages(root, parsed, streams.in);
  add_inspection(root, parsed);
  add_admin(root, parsed);
  add_token(root, parsed);
  const Output output{streams.out, streams.err, wished_form(count, arguments)};
  try {
    root.parse(reversed_words(count, arguments));
  } catch (const CLI::Success& asked) {
    root.exit(asked, streams.out, streams.err);
    return 0;
  } catch (const CLI::ParseError& error) {
    return refuse(root, error, output);
  }
  return parsed.command(output);
}

}  // namespace fairlead::app

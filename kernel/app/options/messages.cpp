#include "app/message_commands.hpp"
#include "app/options/command_groups.hpp"
#include "app/options/command_line_parts.hpp"

namespace fairlead::app {
namespace {

void add_message(CLI::App& command, MessageArguments& message) {
  add_node(command, message.node, AppChoice::chosen);
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

void add_send(CLI::App& root, CommandLine& line) {
  auto& arguments = line.arguments<MessageArguments>();
  CLI::App& send =
      add_command(root, line, "send", "Send messages that need no answer",
                  [&](const Output& to) { return run_send(arguments, line.common, line.in, to); });
  add_message(send, arguments);
  add_common(send, line);
}

void add_request(CLI::App& root, CommandLine& line) {
  auto& arguments = line.arguments<MessageArguments>();
  CLI::App& request =
      add_command(root, line, "request", "Send a request and print the answer",
                  [&](const Output& to) { return run_request(arguments, line.common, line.in, to); });
  add_message(request, arguments);
  request.add_option("--timeout", arguments.timeout, "Longest wait for an answer [30s]")->type_name("TIME");
  request.add_option("-o,--output", arguments.output, "Put the answer into this file")->type_name("FILE");
  add_common(request, line);
}

void add_listen(CLI::App& root, CommandLine& line) {
  auto& arguments = line.arguments<ListenArguments>();
  CLI::App& listen = add_command(root, line, "listen", "Print messages",
                                 [&](const Output& to) { return run_listen(arguments, line.common, to); });
  add_node(listen, arguments.node, AppChoice::chosen);
  listen.add_option("--topic", arguments.topics, "Topic; again for more")
      ->type_name("TOPIC")
      ->required()
      ->allow_extra_args(false);
  listen.add_flag("--jsonl", arguments.jsonl, "One JSON object for each message");
  add_common(listen, line);
}

}  // namespace

void add_messages(CLI::App& root, CommandLine& line) {
  add_send(root, line);
  add_request(root, line);
  add_listen(root, line);
}

}  // namespace fairlead::app

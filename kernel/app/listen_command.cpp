#include <ostream>

#include "app/message_commands.hpp"
#include "app/node_options.hpp"
#include "app/service_signals.hpp"
#include "kit/kit.hpp"

namespace fairlead::app {
namespace {

constexpr std::string_view kListenApp = "listen";
constexpr std::chrono::milliseconds kDrain(2'000);

base::Json message_line(const Message& message, std::string_view content) {
  base::Json line = base::Json::object({{"from", message.from()},
                                        {"to", message.to()},
                                        {"topic", message.topic()},
                                        {"id", message.id()},
                                        {"bytes", uint64_t{content.size()}}});
  set_content(line, content);
  return line;
}

/// Bytes that a terminal would obey are replaced; the payload as it is comes with --jsonl.
std::string printable(std::string_view content) {
  if (!is_utf8(content)) return "(" + std::to_string(content.size()) + " bytes)";
  std::string out(content);
  for (char& c : out)
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f) c = ' ';
  return out;
}

void print(const Message& message, const ListenArguments& arguments, const Output& output) {
  const std::string content = message.text();
  if (arguments.jsonl || output.form == Form::json) return print_line(message_line(message, content), output);
  output.out << message.from() << "  " << message.topic() << "  " << printable(content) << std::endl;
}

base::Status listen(const ListenArguments& arguments, const CommonArguments& common, const Output& output) {
  ServiceSignals signals;
  Options options = node_options(arguments.node, common, Chatter::one_shot);
  options.persistence = Persistence::forever;
  if (options.app.empty() && !kit::is_delegated(arguments.node.kit)) options.app = kListenApp;
  std::optional<NodeError> why;
  std::optional<Client> client = Client::prepare(arguments.node.kit, options, why);
  if (!client.has_value()) return tl::unexpected<base::Error>(to_error(*why));
  for (const std::string& topic : arguments.topics)
    client->on(topic, [&](const Request& request) { print(request, arguments, output); });
  signals.listen([&](int) { client->drain(kDrain); });
  Events events;
  events.ready = [&](std::string_view) {
    if (!common.quiet) output.err << "fairlead: listening as " << client->endpoint() << std::endl;
  };
  why = client->run(std::move(events));
  if (why.has_value()) return tl::unexpected<base::Error>(to_error(*why));
  return {};
}

}  // namespace

int run_listen(const ListenArguments& arguments, const CommonArguments& common, const Output& output) {
  const base::Status done = listen(arguments, common, output);
  return done.has_value() ? 0 : report(done.error(), output);
}

}  // namespace fairlead::app

#include "app/message_commands.hpp"

#include <filesystem>
#include <ostream>
#include <utility>

#include "app/handlers.hpp"
#include "app/one_shot.hpp"
#include "app/payloads.hpp"
#include "kit/durable.hpp"

namespace fairlead::app {
namespace {

using std::chrono::steady_clock;

double seconds_since(steady_clock::time_point start) {
  return std::chrono::duration<double>(steady_clock::now() - start).count();
}

/// Files have a topic of their own; anything else must be named.
base::Status check_topic(MessageArguments& arguments) {
  if (arguments.topic.empty() && !arguments.files.empty() && arguments.data.empty())
    arguments.topic = kFileTopic;
  if (!arguments.topic.empty()) return {};
  return base::fail(base::ErrorCode::bad_arguments, "the message has no topic", "add --topic TOPIC");
}

base::Result<Outgoing> compose(const MessageArguments& arguments, const PayloadSource& source,
                               std::istream& standard_input) {
  Outgoing message{.to = arguments.to, .topic = arguments.topic};
  FAIRLEAD_TRY(message.payload, read_payload(source, standard_input));
  if (source.kind == PayloadSource::Kind::file) {
    message.headers = {{std::string(kNameHeader), std::filesystem::path(source.value).filename().string()}};
    message.digest = Digest::attach;
  }
  return message;
}

base::Result<base::Json> send_all(MessageArguments arguments, const CommonArguments& common,
                                  std::istream& standard_input) {
  FAIRLEAD_TRY(check_receiver(arguments.to, Everyone::allowed));
  FAIRLEAD_TRY(const std::vector<PayloadSource> sources, payload_sources(arguments));
  FAIRLEAD_TRY(check_topic(arguments));
  FAIRLEAD_TRY(Outgoing next, compose(arguments, sources.front(), standard_input));
  FAIRLEAD_TRY(OneShot session, OneShot::open(arguments.node, common));
  const auto start = steady_clock::now();
  uint64_t bytes = 0;
  for (size_t i = 0; i < sources.size(); ++i) {
    bytes += next.payload.size();
    FAIRLEAD_TRY(session.send(std::exchange(next, {})));
    if (i + 1 < sources.size()) {
      FAIRLEAD_TRY(next, compose(arguments, sources[i + 1], standard_input));
    }
  }
  return base::Json::object(
      {{"messages", uint64_t{sources.size()}}, {"bytes", bytes}, {"seconds", seconds_since(start)}});
}

/// The reply's bytes where they are wanted; with --json they are part of the object instead.
base::Status deliver(const std::string& content, const MessageArguments& arguments, const Output& output) {
  if (!arguments.output.empty())
    return kit::replace_file(arguments.output, base::as_bytes(content), kit::kFileMode);
  if (output.form == Form::text) output.out << content << std::flush;
  return {};
}

base::Result<base::Json> ask(OneShot& session, Outgoing message, const MessageArguments& arguments,
                             const Output& output) {
  const auto start = steady_clock::now();
  FAIRLEAD_TRY(const Message reply, session.request(std::move(message)));
  const double seconds = seconds_since(start);
  const std::string content = reply.text();
  FAIRLEAD_TRY(deliver(content, arguments, output));
  base::Json data =
      base::Json::object({{"from", reply.from()}, {"bytes", uint64_t{content.size()}}, {"seconds", seconds}});
  if (arguments.output.empty())
    set_content(data, content);
  else
    data.set("file", arguments.output);
  return data;
}

base::Result<base::Json> request_all(MessageArguments arguments, const CommonArguments& common,
                                     std::istream& standard_input, const Output& output) {
  FAIRLEAD_TRY(check_receiver(arguments.to, Everyone::not_allowed));
  FAIRLEAD_TRY(const std::chrono::milliseconds deadline, parse_timeout(arguments.timeout));
  FAIRLEAD_TRY(const std::vector<PayloadSource> sources, payload_sources(arguments));
  FAIRLEAD_TRY(check_topic(arguments));
  if (sources.size() > 1 && !arguments.output.empty())
    return base::fail(base::ErrorCode::bad_arguments, "several requests cannot share one -o FILE",
                      "send one request, or leave -o out");
  FAIRLEAD_TRY(Outgoing next, compose(arguments, sources.front(), standard_input));
  FAIRLEAD_TRY(OneShot session, OneShot::open(arguments.node, common));
  base::Json replies = base::Json::array();
  for (size_t i = 0; i < sources.size(); ++i) {
    next.deadline = deadline;
    FAIRLEAD_TRY(base::Json reply, ask(session, std::exchange(next, {}), arguments, output));
    replies.add(std::move(reply));
    if (i + 1 < sources.size()) {
      FAIRLEAD_TRY(next, compose(arguments, sources[i + 1], standard_input));
    }
  }
  return sources.size() == 1 ? replies.items().front() : replies;
}

int conclude(base::Result<base::Json> data, const Output& output) {
  return data.has_value() ? succeed(std::move(*data), output) : report(data.error(), output);
}

}  // namespace

int run_send(const MessageArguments& arguments, const CommonArguments& common, std::istream& standard_input,
             const Output& output) {
  return conclude(send_all(arguments, common, standard_input), output);
}

int run_request(const MessageArguments& arguments, const CommonArguments& common,
                std::istream& standard_input, const Output& output) {
  return conclude(request_all(arguments, common, standard_input, output), output);
}

}  // namespace fairlead::app

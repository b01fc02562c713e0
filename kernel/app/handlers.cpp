#include "app/handlers.hpp"

#include "app/run_program.hpp"
#include "app/split_arguments.hpp"
#include "base/json.hpp"

namespace fairlead::app {
namespace {

constexpr size_t kMostRunning = 8;
constexpr size_t kMostWaiting = 64;

/// The program of --on with everything it is told about the message.
Program program_for(const std::vector<std::string>& arguments, const Request& request,
                    const std::string& privacy_file) {
  Program program;
  program.arguments = arguments;
  program.environment = {{"FAIRLEAD_FROM", std::string(request.from())},
                         {"FAIRLEAD_TOPIC", std::string(request.topic())},
                         {"FAIRLEAD_ID", request.id()}};
  if (!privacy_file.empty()) program.environment.emplace_back("FAIRLEAD_PRIVACY_FILE", privacy_file);
  program.input = request.payload();
  program.most_output = kMostPayload;
  return program;
}

Reply json_reply(const base::Json& json) { return Reply::text(json.dump()); }

}  // namespace

base::Result<std::unique_ptr<Handlers>> Handlers::make(const ServiceArguments& arguments, base::Log& log) {
  auto self = std::make_unique<Handlers>(Passkey(), arguments, log);
  for (const std::string& one : arguments.on) {
    FAIRLEAD_TRY(Command command, split_handler(one));
    self->commands_.push_back(std::move(command));
  }
  if (!arguments.inbox.empty()) {
    FAIRLEAD_TRY(self->inbox_, Inbox::open(arguments.inbox));
  }
  return self;
}

Handlers::Handlers(Passkey, const ServiceArguments& arguments, base::Log& log)
    : log_(log),
      echo_(arguments.echo),
      broadcast_(arguments.broadcast),
      local_(arguments.node.kit + "/local"),
      pool_(kMostRunning, kMostWaiting) {}

void Handlers::attach(Node& node) {
  if (!node.privacy().empty()) privacy_file_ = local_ + "/privacy.json";
  if (echo_)
    node.on("*", [](const Request& request, Responder responder) {
      responder.reply(Reply::bytes(request.payload()));
    });
  if (inbox_.has_value())
    node.on(std::string(kFileTopic), [this](const Request& request, Responder responder) {
      submit(std::move(responder),
             [this, request](Responder later, int) { store_file(request, std::move(later)); });
    });
  if (!broadcast_.empty())
    node.on(broadcast_, [this, &node](const Request& request, Responder responder) {
      pass_on(node, request);
      responder.reply(json_reply(base::Json::object({{"broadcast", true}})));
    });
  for (const Command& command : commands_)
    node.on(command.first, [this, &command](const Request& request, Responder responder) {
      submit(std::move(responder), [this, &command, request](Responder later, int give_up) {
        run_command(command, request, std::move(later), give_up);
      });
    });
}

void Handlers::submit(Responder responder, std::function<void(Responder responder, int give_up)> job) {
  // Shared because a job is copyable and a responder is not: owners are the job and, until it is taken, this
  // call.
  auto kept = std::make_shared<Responder>(std::move(responder));
  if (pool_.submit([kept, job = std::move(job)](int give_up) { job(std::move(*kept), give_up); })) return;
  log_.warn("handler.busy", {{"waiting", uint64_t{kMostWaiting}}});
  kept->reply(Reply::refuse("busy", "too many messages wait for a handler"));
}

void Handlers::run_command(const Command& command, const Request& request, Responder responder, int give_up) {
  base::Result<base::Bytes> output =
      run_program(program_for(command.second, request, privacy_file_), give_up);
  if (output.has_value()) return responder.reply(Reply::bytes(std::move(*output)));
  log_.warn("handler.failed", {{"topic", request.topic()},
                               {"from", request.from()},
                               {"why", output.error().reason},
                               {"text", output.error().text}});
  // The requester learns the kind of failure, not which program runs here.
  responder.reply(
      Reply::refuse("handler_failed", "the command for this topic failed: " + output.error().reason));
}

void Handlers::store_file(const Request& request, Responder responder) {
  const Sha256 digest = request.digest();
  if (const auto promised = request.content_sha256(); promised.has_value() && *promised != digest) {
    log_.error("inbox.content_mismatch", {{"from", request.from()}, {"id", request.id()}});
    return responder.reply(Reply::refuse("content_mismatch", "the content does not match its SHA-256"));
  }
  const base::Bytes content = request.payload();
  const base::Result<std::string> name = inbox_->store(request.header(kNameHeader), content);
  if (!name.has_value()) {
    log_.error("inbox.failed", {{"from", request.from()}, {"text", name.error().line()}});
    return responder.reply(Reply::refuse("not_stored", "the file could not be stored"));
  }
  log_.info("inbox.stored", {{"from", request.from()}, {"name", *name}, {"bytes", uint64_t{content.size()}}});
  responder.reply(json_reply(base::Json::object(
      {{"stored", *name}, {"sha256", base::hex(digest)}, {"bytes", uint64_t{content.size()}}})));
}

void Handlers::pass_on(Node& node, const Request& request) {
  Outgoing message{.to = "*", .topic = std::string(request.topic()), .payload = request.payload()};
  message.headers = request.headers();
  message.digest = request.content_sha256().has_value() ? Digest::attach : Digest::none;
  node.send(std::move(message), [this](const NodeError* why) {
    if (why != nullptr) log_.warn("broadcast.failed", {{"text", why->text()}});
  });
}

}  // namespace fairlead::app

#include "app/one_shot.hpp"

#include <unistd.h>

#include "app/output.hpp"
#include "base/names.hpp"
#include "config/overrides.hpp"
#include "kit/kit.hpp"

namespace fairlead::app {
namespace {

constexpr std::chrono::milliseconds kLeave(2'000);

tl::unexpected<base::Error> failed(const NodeError& error) {
  return tl::unexpected<base::Error>(to_error(error));
}

/// Calls into the throwing face of the embedding API; what it throws becomes the kernel's error.
template <class Body>
auto caught(Body body) -> base::Result<decltype(body())> {
  try {
    return body();
  } catch (const NodeError& error) {
    return failed(error);
  }
}

/// What the events of a starting client tell the thread that waits.
struct Waiting {
  std::promise<std::optional<base::Error>> ready;
  std::promise<std::optional<base::Error>> ended;
  bool told = false;  ///< on the node's thread

  void tell(std::optional<base::Error> outcome) {
    if (!std::exchange(told, true)) ready.set_value(std::move(outcome));
  }
};

}  // namespace

base::Result<OneShot> OneShot::open(const NodeArguments& node, const CommonArguments& common) {
  Options options = node_options(node, common, Chatter::one_shot);
  // A delegated kit says itself as what it logs in.
  if (options.app.empty() && !kit::is_delegated(node.kit)) options.app = one_shot_app();
  std::optional<NodeError> why;
  std::optional<Client> client = Client::prepare(node.kit, options, why);
  if (!client.has_value()) return failed(*why);
  auto waiting = std::make_shared<Waiting>();  // owners: the events, which live as long as the client
  Events events;
  events.ready = [waiting](std::string_view) { waiting->tell(std::nullopt); };
  events.ended = [waiting](const NodeError* end) {
    waiting->tell(end != nullptr ? to_error(*end) : base::Error{base::ErrorCode::failed, "ended early"});
    waiting->ended.set_value(end != nullptr ? std::optional(to_error(*end)) : std::nullopt);
  };
  std::future<std::optional<base::Error>> ready = waiting->ready.get_future();
  FAIRLEAD_TRY(caught([&] {
    client->start(std::move(events));
    return 0;
  }));
  if (std::optional<base::Error> error = ready.get()) return tl::unexpected<base::Error>(std::move(*error));
  return OneShot(std::move(*client), waiting->ended.get_future().share());
}

OneShot::~OneShot() {
  if (!client_.has_value() || !ended_.valid()) return;
  client_->drain(kLeave);
  ended_.wait_for(2 * kLeave);
}

/// A node that has ended only says that it is closed; why it ended says more.
base::Error OneShot::reason_for(base::Error error) const {
  if (error.reason != "closed" || ended_.wait_for(kLeave) != std::future_status::ready) return error;
  return ended_.get().value_or(std::move(error));
}

base::Status OneShot::send(Outgoing message) {
  const auto sent = caught([&] {
    client_->send(std::move(message));
    return 0;
  });
  if (!sent.has_value()) return tl::unexpected<base::Error>(reason_for(sent.error()));
  return {};
}

base::Result<Message> OneShot::request(Outgoing message) {
  base::Result<Message> reply = caught([&] { return client_->request(std::move(message)); });
  if (!reply.has_value()) return tl::unexpected<base::Error>(reason_for(reply.error()));
  return reply;
}

base::Result<base::Json> OneShot::report() {
  FAIRLEAD_TRY(const std::string text, caught([&] { return client_->status(); }));
  return base::Json::parse(text);
}

std::string one_shot_app() { return "cli-" + std::to_string(::getpid()); }

base::Status check_receiver(const std::string& to, Everyone everyone) {
  if (to == base::kEveryone && everyone == Everyone::allowed) return {};
  FAIRLEAD_TRY(base::Endpoint::parse(to));
  return {};
}

base::Result<std::chrono::milliseconds> parse_timeout(const std::string& text) {
  auto parsed = config::parse_duration(text);
  if (!parsed.has_value())
    return base::fail(base::ErrorCode::bad_arguments, "--timeout " + text + ": " + parsed.error().text,
                      "use 500ms, 30s, 2m or 1h");
  return *parsed;
}

}  // namespace fairlead::app

/// Bodies of fairlead/node.hpp: the node's life, handlers, sending and requesting.
#pragma once
#include <future>
#include <list>
#include <mutex>

#include "fairlead/detail/node_message.ipp"

namespace fairlead {
namespace detail {

using AnyHandler = std::function<void(const Request& request, Responder responder)>;

/// What the C callbacks point at; its address stays while the Node moves.
struct NodeState {
  explicit NodeState(fairlead_node* node) noexcept : raw(node) {}
  NodeState(const NodeState&) = delete;
  NodeState& operator=(const NodeState&) = delete;
  ~NodeState() { fairlead_node_close(raw); }

  fairlead_node* raw;
  Events events;
  std::mutex adding;
  std::list<AnyHandler> handlers;  ///< kept until the end: a replaced one may still be running
};

inline fairlead_node_events event_table(NodeState& state) {
  fairlead_node_events table{};
  table.struct_size = sizeof(table);
  table.ctx = &state;
  table.ready = [](void* ctx, fairlead_text report) {
    if (const auto& ready = static_cast<NodeState*>(ctx)->events.ready) ready({report.data, report.size});
  };
  table.lost = [](void* ctx, const fairlead_node_error* why) {
    if (const auto& lost = static_cast<NodeState*>(ctx)->events.lost) lost(NodeError(*why));
  };
  table.ended = [](void* ctx, const fairlead_node_error* why) {
    const auto& ended = static_cast<NodeState*>(ctx)->events.ended;
    if (!ended) return;
    if (why == nullptr) return ended(nullptr);
    const NodeError error(*why);
    ended(&error);
  };
  return table;
}

/// Options in C form, for the duration of one call.
class OptionTable {
 public:
  OptionTable(const std::string& kit, const Options& options) {
    for (const std::string& one : options.set) set_.push_back(text(one));
    raw_.struct_size = sizeof(raw_);
    raw_.persistence =
        options.persistence == Persistence::once ? FAIRLEAD_PERSIST_ONCE : FAIRLEAD_PERSIST_FOREVER;
    raw_.kit = text(kit);
    raw_.app = text(options.app);
    raw_.set = set_.data();
    raw_.set_count = static_cast<uint32_t>(set_.size());
    raw_.ignore_environment = options.environment == Environment::ignored ? 1 : 0;
    raw_.log_level = text(options.log_level);
    raw_.log_format = text(options.log_format);
  }
  const fairlead_node_options& raw() const noexcept { return raw_; }

 private:
  std::vector<fairlead_text> set_;
  fairlead_node_options raw_{};
};

using Opener = fairlead_status (*)(const fairlead_node_options*, fairlead_node**, fairlead_node_error*);

inline std::unique_ptr<NodeState> open_state(Opener opener, const std::string& kit, const Options& options,
                                             std::optional<NodeError>& why) {
  const OptionTable table(kit, options);
  fairlead_node* raw = nullptr;
  fairlead_node_error error{};
  error.struct_size = sizeof(error);
  const fairlead_status status = opener(&table.raw(), &raw, &error);
  if (status >= 0) return std::make_unique<NodeState>(raw);
  why = error.code != 0 ? NodeError(error) : error_of(status, "cannot open " + kit);
  return nullptr;
}

/// The body of a C handler: `ctx` is the AnyHandler.
inline void enter_handler(void* ctx, const fairlead_message* message, fairlead_responder* responder) {
  try {
    (*static_cast<AnyHandler*>(ctx))(Request(message), Responder(responder));
  } catch (const std::exception&) {
    // Nothing may cross the C border. A request whose handler lost its responder this way times out.
  }
}

/// Gives a handler of any allowed shape the one shape that is stored.
template <class F>
AnyHandler any_handler(F handler) {
  if constexpr (std::is_invocable_v<F&, const Request&, Responder>) {
    return [handler = std::move(handler)](const Request& request, Responder responder) mutable {
      handler(request, std::move(responder));
    };
  } else {
    return [handler = std::move(handler)](const Request& request, Responder responder) mutable {
      Reply answer = Reply::refuse("handler_failed", "the handler failed");
      try {
        if constexpr (std::is_void_v<std::invoke_result_t<F&, const Request&>>) {
          handler(request);
          answer = Reply::refuse("no_answer", "the handler does not answer");
        } else {
          answer = handler(request);
        }
      } catch (const std::exception&) {
        // Its text may hold what the other side must not see.
      }
      responder.reply(std::move(answer));
    };
  }
}

inline void fill(fairlead_outgoing& raw, const Outgoing& message) noexcept {
  raw.to = text(message.to);
  raw.topic = text(message.topic);
  raw.flags = message.digest == Digest::attach ? uint32_t{FAIRLEAD_ATTACH_DIGEST} : 0;
}

inline NodeError would_wait(std::string_view what) {
  return make_error(FAIRLEAD_E_CONFIG, FAIRLEAD_NODE_BAD_ARGUMENTS, 4,
                    std::string(what) + ": would wait for the node on the node's own thread",
                    "use the form with a callback");
}

}  // namespace detail

inline Node::Node(std::unique_ptr<detail::NodeState> state) noexcept : state_(std::move(state)) {}
inline Node::Node(Node&&) noexcept = default;
inline Node& Node::operator=(Node&&) noexcept = default;
inline Node::~Node() = default;

inline fairlead_node* Node::raw() const noexcept { return state_->raw; }
inline bool Node::is_home() const noexcept { return fairlead_node_is_home(raw()) != 0; }

inline std::string Node::endpoint() const {
  const fairlead_text endpoint = fairlead_node_endpoint(raw());
  return {endpoint.data, endpoint.size};
}

template <class F>
void Node::on(const std::string& topic, F handler) {
  on_any(topic, detail::any_handler(std::move(handler)));
}

inline void Node::on_any(const std::string& topic, Handler handler) {
  const std::lock_guard lock(state_->adding);
  state_->handlers.push_back(std::move(handler));
  const fairlead_status status =
      fairlead_node_on(raw(), detail::text(topic), &detail::enter_handler, &state_->handlers.back());
  if (status < 0) throw detail::error_of(status, "cannot handle \"" + topic + "\"");
}

namespace detail {

using Told = std::function<void(const NodeError* why)>;

/// The C form of a function that hears how something went: runs it once and frees it.
inline void tell_once(void* ctx, const fairlead_node_error* why) {
  const std::unique_ptr<Told> once(static_cast<Told*>(ctx));
  if (why == nullptr) return (*once)(nullptr);
  const NodeError error(*why);
  (*once)(&error);
}

}  // namespace detail

inline void Node::reload(std::function<void(const NodeError* why)> done) {
  auto kept = std::make_unique<detail::Told>(std::move(done));
  if (fairlead_node_reload(raw(), &detail::tell_once, kept.get()) >= 0) (void)kept.release();
}

inline void Node::send(Outgoing message, std::function<void(const NodeError* why)> done) {
  auto kept = std::make_unique<detail::Told>(std::move(done));
  detail::Parcel parcel(std::move(message.payload), message.headers);
  detail::fill(parcel.raw(), message);
  const fairlead_status status = fairlead_node_send(raw(), &parcel.raw(), &detail::tell_once, kept.get());
  if (status < 0) throw detail::error_of(status, "cannot send to \"" + message.to + "\"");
  parcel.taken();
  (void)kept.release();
}

inline void Node::send(Outgoing message) {
  if (is_home()) throw detail::would_wait("send");
  std::promise<std::optional<NodeError>> promise;
  send(std::move(message), [&promise](const NodeError* why) {
    promise.set_value(why != nullptr ? std::optional<NodeError>(*why) : std::nullopt);
  });
  if (const auto why = promise.get_future().get()) throw NodeError(*why);
}

inline void Node::broadcast(Outgoing message) {
  message.to = "*";
  send(std::move(message));
}

inline void Node::request(Outgoing message, std::function<void(Answer)> done) {
  using Done = std::function<void(Answer)>;
  auto kept = std::make_unique<Done>(std::move(done));
  detail::Parcel parcel(std::move(message.payload), message.headers);
  detail::fill(parcel.raw(), message);
  const auto body = [](void* ctx, const fairlead_message* reply, const fairlead_node_error* why) {
    const std::unique_ptr<Done> once(static_cast<Done*>(ctx));
    (*once)(reply != nullptr ? Answer(Message(reply)) : Answer(NodeError(*why)));
  };
  const auto deadline_ms = static_cast<uint64_t>(message.deadline.count());
  const fairlead_status status = fairlead_node_request(raw(), &parcel.raw(), deadline_ms, body, kept.get());
  if (status < 0) throw detail::error_of(status, "cannot request from \"" + message.to + "\"");
  parcel.taken();
  (void)kept.release();
}

inline Message Node::request(Outgoing message) {
  if (is_home()) throw detail::would_wait("request");
  std::promise<Answer> promise;
  request(std::move(message), [&promise](Answer answer) { promise.set_value(std::move(answer)); });
  Answer answer = promise.get_future().get();
  if (const auto* why = std::get_if<NodeError>(&answer)) throw NodeError(*why);
  return std::get<Message>(std::move(answer));
}

inline void Node::start(Events events) {
  state_->events = std::move(events);
  const fairlead_node_events table = detail::event_table(*state_);
  fairlead_node_error error{};
  error.struct_size = sizeof(error);
  const fairlead_status status = fairlead_node_start(raw(), &table, &error);
  if (status < 0) throw error.code != 0 ? NodeError(error) : detail::error_of(status, "cannot start");
}

inline std::optional<NodeError> Node::run(Events events) {
  state_->events = std::move(events);
  const fairlead_node_events table = detail::event_table(*state_);
  fairlead_node_error error{};
  error.struct_size = sizeof(error);
  const fairlead_status status = fairlead_node_run(raw(), &table, &error);
  if (status >= 0) return std::nullopt;
  return error.code != 0 ? NodeError(error) : detail::error_of(status, "cannot run");
}

inline void Node::drain(std::chrono::milliseconds limit) noexcept {
  fairlead_node_drain(raw(), static_cast<uint64_t>(limit.count()));
}

namespace detail {

/// What one of the calls that hand out a text hands out.
inline std::string text_of(fairlead_node* node, decltype(&fairlead_node_status) call, const char* failed) {
  std::string out;
  const auto write = [](void* ctx, fairlead_text json) {
    static_cast<std::string*>(ctx)->assign(json.data, json.size);
  };
  const fairlead_status status = call(node, write, &out);
  if (status < 0) throw error_of(status, failed);
  return out;
}

}  // namespace detail

inline std::string Node::status() {
  return detail::text_of(raw(), &fairlead_node_status, "cannot read the status");
}

inline std::string Node::privacy() {
  return detail::text_of(raw(), &fairlead_node_privacy, "cannot read the privacy resources");
}

inline std::optional<Client> Client::prepare(const std::string& kit, const Options& options,
                                             std::optional<NodeError>& why) {
  auto state = detail::open_state(&fairlead_client_open, kit, options, why);
  if (state == nullptr) return std::nullopt;
  return Client(std::move(state));
}

inline Client Client::open(const std::string& kit, const Options& options) {
  std::optional<NodeError> why;
  std::optional<Client> client = prepare(kit, options, why);
  if (!client.has_value()) throw NodeError(*why);
  // Shared: events go on after this function has returned.
  auto first = std::make_shared<std::promise<std::optional<NodeError>>>();
  auto told = std::make_shared<bool>(false);
  const auto tell = [first, told](std::optional<NodeError> outcome) {
    if (!std::exchange(*told, true)) first->set_value(std::move(outcome));
  };
  Events events;
  events.ready = [tell](std::string_view) { tell(std::nullopt); };
  events.ended = [tell](const NodeError* end) {
    tell(end != nullptr ? *end : detail::error_of(FAIRLEAD_E_CLOSED, "cannot log in"));
  };
  auto outcome = first->get_future();
  client->start(std::move(events));
  if (const auto failed = outcome.get()) throw NodeError(*failed);
  return std::move(*client);
}

inline std::optional<Server> Server::prepare(const std::string& kit, const Options& options,
                                             std::optional<NodeError>& why) {
  auto state = detail::open_state(&fairlead_server_open, kit, options, why);
  if (state == nullptr) return std::nullopt;
  return Server(std::move(state));
}

inline Server Server::open(const std::string& kit, const Options& options) {
  std::optional<NodeError> why;
  std::optional<Server> server = prepare(kit, options, why);
  if (!server.has_value()) throw NodeError(*why);
  server->start({});
  return std::move(*server);
}

}  // namespace fairlead

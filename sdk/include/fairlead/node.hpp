/// fairlead/node.hpp - C++20 face of fairlead/node.h: embed a client of a project, or its server.
/// Header-only. Everything is [any] thread unless it says otherwise; callbacks run on the node's thread: keep
/// them short, and do not call there what waits (it throws). What fails throws NodeError, except where a call
/// says otherwise.
#pragma once
#include <array>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "fairlead/node.h"

namespace fairlead {

/// Why something failed; the texts of fairlead_node_error.
class NodeError : public std::runtime_error {
 public:
  explicit NodeError(const fairlead_node_error& error);
  fairlead_status status() const noexcept { return status_; }
  uint32_t code() const noexcept { return code_; }            ///< FAIRLEAD_NODE_*
  int exit_code() const noexcept { return exit_code_; }       ///< of the command, for this kind of failure
  std::string_view text() const noexcept { return what(); }   ///< what was tried, on what, what happened
  const std::string& hint() const noexcept { return hint_; }  ///< what to do; may be empty
  const std::string& origin() const noexcept { return origin_; }  ///< FILE:LINE:COL, or empty
  const std::string& reason() const noexcept { return reason_; }  ///< stable name of a refusal, or empty

 private:
  fairlead_status status_;
  uint32_t code_;
  int exit_code_;
  std::string hint_, origin_, reason_;
};

/// User headers of a message to send; names are unique.
using Headers = std::vector<std::pair<std::string, std::string>>;
using Sha256 = std::array<uint8_t, 32>;

/// A received message. Copies share it; the memory is held until the last copy is gone.
class Message {
 public:
  /// One more owner of a message that a callback of the C ABI got.
  explicit Message(const fairlead_message* message) : raw_(fairlead_message_retain(message)) {}
  Message(const Message& other) : Message(other.raw_) {}
  Message(Message&& other) noexcept : raw_(std::exchange(other.raw_, nullptr)) {}
  Message& operator=(Message other) noexcept {
    std::swap(raw_, other.raw_);
    return *this;
  }
  ~Message() { fairlead_message_release(raw_); }

  std::string_view from() const noexcept { return view(raw_->from); }  ///< verified
  std::string_view to() const noexcept { return view(raw_->to); }
  std::string_view topic() const noexcept { return view(raw_->topic); }
  std::string id() const;  ///< 32 hexadecimal digits
  bool is_request() const noexcept { return raw_->kind == FAIRLEAD_REQUEST; }
  /// Value of a user header, empty when it is not there.
  std::string_view header(std::string_view name) const noexcept;
  Headers headers() const;  ///< all of them, one copy
  size_t size() const noexcept { return static_cast<size_t>(raw_->payload_size); }
  /// The payload where it lies, in order. Valid as long as this object.
  std::span<const fairlead_bytes> slices() const noexcept { return {raw_->slices, raw_->slice_count}; }
  std::vector<uint8_t> payload() const;  ///< one copy
  std::string text() const;              ///< one copy, as it is
  /// What the sender promised, nothing when it did not.
  std::optional<Sha256> content_sha256() const;
  Sha256 digest() const;  ///< of what arrived; reads everything

 private:
  static std::string_view view(fairlead_text text) noexcept { return {text.data, text.size}; }
  const fairlead_message* raw_;
};
using Request = Message;

/// The answer to a request, or the refusal to give one.
struct Reply {
  std::vector<uint8_t> payload{};
  Headers headers{};
  std::string refused{};  ///< reason in lower_snake; empty: this is an answer
  std::string why{};      ///< for people, with a refusal

  /// An answer of bytes.
  static Reply bytes(std::vector<uint8_t> payload) { return {std::move(payload), {}, {}, {}}; }
  /// An answer of text.
  static Reply text(std::string_view text) { return bytes({text.begin(), text.end()}); }
  /// No answer: the requester sees `reason` and `why`.
  static Reply refuse(std::string reason, std::string why) {
    return {{}, {}, std::move(reason), std::move(why)};
  }
};

/// The duty to answer one request, for those who answer later. Empty for a oneway message. Gone without an
/// answer: the request times out.
class Responder {
 public:
  explicit Responder(fairlead_responder* raw = nullptr) noexcept : raw_(raw) {}
  explicit operator bool() const noexcept { return raw_ != nullptr; }
  /// At most once; nothing happens when there is nobody to answer.
  void reply(Reply answer);

 private:
  struct Drop {
    void operator()(fairlead_responder* raw) const noexcept { fairlead_responder_drop(raw); }
  };
  std::unique_ptr<fairlead_responder, Drop> raw_;
};

enum class Digest { none, attach };  ///< attach: send the payload's SHA-256 along

/// A message to send.
struct Outgoing {
  std::string to{};                            ///< an endpoint, or "*" for every client
  std::string topic{};                         ///< 1 to 255 bytes
  std::vector<uint8_t> payload{};              ///< taken over, not copied
  std::chrono::milliseconds deadline{30'000};  ///< requests: 1 ms to 24 h
  Headers headers{};
  Digest digest = Digest::none;
};

enum class Persistence {
  forever,  ///< connect again after a loss
  once      ///< a failure or a loss is the end
};
enum class Environment { used, ignored };  ///< FAIRLEAD_* variables as settings

/// What a node is told when it is made. The defaults are what the kit says.
struct Options {
  std::string app{};               ///< clients: log in as PARTICIPANT/APP
  std::vector<std::string> set{};  ///< "key=value", as --set of the command
  Persistence persistence = Persistence::forever;
  Environment environment = Environment::used;
  std::string log_level{};   ///< debug, info, warning, error, off; empty: the setting, else info
  std::string log_format{};  ///< text or json; empty: the setting, else text
};

/// What a node tells; see fairlead_node_events. On the node's thread. Must not throw.
struct Events {
  std::function<void(std::string_view report_json)> ready{};
  std::function<void(const NodeError& why)> lost{};
  std::function<void(const NodeError* why)> ended{};  ///< nullptr after a drain
};

/// The answer to a request, or why there is none.
using Answer = std::variant<Message, NodeError>;

namespace detail {
struct NodeState;
}

/// What client and server have in common. Movable; destroying it ends the node at once. [not on its own
/// thread]
class Node {
 public:
  Node(Node&&) noexcept;
  Node& operator=(Node&&) noexcept;
  ~Node();

  /// Own endpoint, such as "site-1" or "server". [any]
  std::string endpoint() const;
  /// Messages with this topic go to the handler ("*": those nobody else wants). It takes (const Request&) and
  /// gives a Reply, or void, which refuses requests with "no_answer"; or it takes (const Request&, Responder)
  /// and answers when it likes. A handler that throws refuses the request with "handler_failed".
  template <class F>
  void on(const std::string& topic, F handler);
  /// Sends and waits until the server has admitted and routed the message. [not on its own thread]
  void send(Outgoing message);
  /// The same without waiting; `done` gets nullptr or why not, once, and must not throw.
  void send(Outgoing message, std::function<void(const NodeError* why)> done);
  /// Sends to every client that is logged in. [not on its own thread]
  void broadcast(Outgoing message);
  /// Sends and waits for the answer, at most for the deadline. [not on its own thread]
  Message request(Outgoing message);
  /// The same without waiting; `done` runs once and must not throw.
  void request(Outgoing message, std::function<void(Answer)> done);

  /// Starts the node on a thread of its own. For a node from prepare().
  void start(Events events);
  /// Runs the node on the calling thread until it has ended; nothing when that was a drain. Throws nothing.
  std::optional<NodeError> run(Events events);
  /// Opens the kit in its folder again and goes over to its certificates, keys and policy; connections and
  /// sessions go on. Does not wait; `done` gets nullptr or why everything stayed as it was, once, and must
  /// not throw. Nothing happens when the node is over.
  void reload(std::function<void(const NodeError* why)> done);
  /// Ends in order within the limit; `ended` follows. Does not wait; nothing happens when the node is over.
  void drain(std::chrono::milliseconds limit) noexcept;
  /// JSON: what `ready` reported, at a server with "counters".
  std::string status();
  /// The site's privacy resources, KIT/local/privacy.json as it stands, for the application to keep to: a
  /// JSON object, empty when the site has none or the project says secure_train: false. Read again by a
  /// reload.
  std::string privacy();
  /// Is this the node's own thread?
  bool is_home() const noexcept;
  /// The handle of the C ABI, still owned by this object.
  fairlead_node* raw() const noexcept;

 protected:
  explicit Node(std::unique_ptr<detail::NodeState> state) noexcept;
  std::unique_ptr<detail::NodeState> state_;

 private:
  using Handler = std::function<void(const Request& request, Responder responder)>;
  void on_any(const std::string& topic, Handler handler);
};

/// A participant that logs in to the server.
class Client : public Node {
 public:
  /// Opens the kit, connects on a thread of its own, and returns after the first login. Messages that arrive
  /// before on() was called find no handler: use prepare() where that matters.
  static Client open(const std::string& kit, const Options& options = {});
  /// Opens the kit and nothing more; start() or run() follows. Nothing, and `why`, when it fails; throws
  /// nothing.
  static std::optional<Client> prepare(const std::string& kit, const Options& options,
                                       std::optional<NodeError>& why);

 private:
  using Node::Node;
};

/// The server of a project.
class Server : public Node {
 public:
  /// Opens the kit and all listeners.
  static Server open(const std::string& kit, const Options& options = {});
  /// As Client::prepare.
  static std::optional<Server> prepare(const std::string& kit, const Options& options,
                                       std::optional<NodeError>& why);

 private:
  using Node::Node;
};

}  // namespace fairlead

#include "fairlead/detail/node.ipp"

/// Dispatcher: handlers by topic and requests that wait for a reply; the same at a server and at a client.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/random.hpp"
#include "loop/loop.hpp"
#include "node/messenger.hpp"

namespace fairlead::node {

/// Sends a reply that a responder made. Implemented by the node. [home]
class ReplySender {
 public:
  virtual ~ReplySender() = default;
  virtual void send_reply(auth::Draft reply) = 0;
};

/// Every node answers requests under this topic itself, with the payload it was sent.
inline constexpr std::string_view kPingTopic = "fairlead/ping";
/// The server answers with its view of the participant that asks.
inline constexpr std::string_view kStatusTopic = "fairlead/status";

/// Thread rule: [home], but responders may be used from any thread.
class Dispatcher {
 public:
  Dispatcher(loop::Loop& loop, base::Random& random, ReplySender& sender);
  /// Responders that are still out find nobody.
  ~Dispatcher();

  void on(std::string topic, Handler handler);
  /// Gives the message to whom it concerns. A reply nobody waits for is dropped. False: no handler took it.
  bool dispatch(const Received& message);

  /// A new id: instance prefix 8 || counter 8.
  frame::MessageId next_id();
  /// Waits for the reply to the request with this id.
  void expect(const frame::MessageId& id, std::chrono::milliseconds deadline, ReplyDone done);
  /// The request failed; false when nobody waits under this id.
  bool fail(const frame::MessageId& id, const base::Error& error);
  void fail_all(const base::Error& error);
  size_t waiting() const noexcept { return waiting_.size(); }
  /// Requests that a handler of this node has and has neither answered nor dropped.
  size_t unanswered() const noexcept;

 private:
  struct Door;
  struct Waiting {
    ReplyDone done;
    std::unique_ptr<loop::Timer> timer;
  };
  class DoorResponder;
  void complete_reply(const Received& message);
  std::shared_ptr<Responder> responder_for(const Received& message);

  loop::Loop& loop_;
  base::ByteArray<8> prefix_;
  uint64_t counter_ = 0;
  std::map<std::string, Handler, std::less<>> handlers_;
  std::unordered_map<std::string, Waiting> waiting_;  // key: id
  std::shared_ptr<Door> door_;  // owners: this dispatcher and every responder that is out
};

/// An Error for a refusal that the server told about one message.
base::Error refusal_error(base::Refusal code, std::string_view text, std::string_view to);
/// User header that marks a reply as a failure of the handler; its value is the text.
inline constexpr std::string_view kErrorHeader = "fairlead-error";
/// Beside it: the failure's stable machine name.
inline constexpr std::string_view kErrorReasonHeader = "fairlead-error-reason";

}  // namespace fairlead::node

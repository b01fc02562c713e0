#include "node/dispatcher.hpp"

#include <atomic>

namespace fairlead::node {

namespace {

/// What a reply says about why its handler failed, if it did.
std::optional<base::Error> failure_in(const auth::Message& reply) {
  const auto headers = frame::decode_user_headers(reply.headers.user_headers);
  if (!headers) return std::nullopt;
  std::optional<base::Error> error;
  for (const auto& [name, value] : *headers) {
    if (name == kErrorHeader)
      error = base::Error{base::ErrorCode::refused,
                          std::string(reply.headers.from) + " could not answer: " + value,
                          "see the log of " + std::string(reply.headers.from)};
    if (name == kErrorReasonHeader && error) error->reason = value;  // headers are sorted by name
  }
  return error;
}

}  // namespace

/// The way from responders back to the node; closed when the node goes.
struct Dispatcher::Door {
  Door(loop::Loop& home, ReplySender* replies) : loop(home), sender(replies) {}
  loop::Loop& loop;
  ReplySender* sender;                // touched on the loop's thread only
  std::atomic<size_t> responders{0};  // that are out, on whatever thread
};

/// Everything needed to address the reply; nothing of the request's memory.
class Dispatcher::DoorResponder final : public Responder {
 public:
  DoorResponder(std::shared_ptr<Door> door, auth::Draft reply)
      : door_(std::move(door)), draft_(std::move(reply)) {
    ++door_->responders;
  }
  ~DoorResponder() override {
    if (door_) --door_->responders;
  }

  void reply(base::Slice payload, frame::UserHeaders headers) override {
    if (!door_) return;
    draft_.payload = std::move(payload);
    draft_.user_headers = std::move(headers);
    const std::shared_ptr<Door> door = std::exchange(door_, nullptr);
    auto draft = std::make_shared<auth::Draft>(std::move(draft_));  // sole owner: the posted task
    if (door->loop.is_home()) return deliver(*door, *draft);
    door->loop.post([door, draft] { deliver(*door, *draft); });
  }

 private:
  static void deliver(Door& door, auth::Draft& draft) {
    --door.responders;
    if (door.sender != nullptr) door.sender->send_reply(std::move(draft));
  }

  std::shared_ptr<Door> door_;
  auth::Draft draft_;
};

Dispatcher::Dispatcher(loop::Loop& loop, base::Random& random, ReplySender& sender)
    : loop_(loop), prefix_(random.bytes<8>()), door_(std::make_shared<Door>(loop, &sender)) {
  on(std::string(kPingTopic), [](const Received& message, const std::shared_ptr<Responder>& responder) {
    if (responder) responder->reply(base::move_to_slice(message->payload()), {});
  });
}

Dispatcher::~Dispatcher() { door_->sender = nullptr; }

size_t Dispatcher::unanswered() const noexcept { return door_->responders; }

void Dispatcher::on(std::string topic, Handler handler) { handlers_[std::move(topic)] = std::move(handler); }

std::shared_ptr<Responder> Dispatcher::responder_for(const Received& message) {
  if (message->headers.kind != frame::MessageKind::request) return nullptr;
  auth::Draft reply;
  reply.kind = frame::MessageKind::reply;
  reply.to = message->headers.from;
  reply.topic = message->headers.topic;
  reply.from = message->headers.to;
  reply.id = next_id();
  reply.correlation = message->headers.id;
  return std::make_shared<DoorResponder>(door_, std::move(reply));
}

bool Dispatcher::dispatch(const Received& message) {
  if (message->headers.kind == frame::MessageKind::reply) {
    complete_reply(message);
    return true;
  }
  auto at = handlers_.find(message->headers.topic);
  if (at == handlers_.end()) at = handlers_.find("*");
  if (at == handlers_.end()) return false;
  at->second(message, responder_for(message));
  return true;
}

void Dispatcher::complete_reply(const Received& message) {
  if (!message->headers.correlation) return;
  const auto at = waiting_.find(std::string(base::as_text(*message->headers.correlation)));
  if (at == waiting_.end()) return;
  const ReplyDone done = std::move(at->second.done);
  waiting_.erase(at);
  if (auto error = failure_in(*message)) return done(tl::unexpected(std::move(*error)));
  done(message);
}

frame::MessageId Dispatcher::next_id() {
  frame::MessageId id;
  base::copy(prefix_, id);
  base::store_be(base::MutableByteView(id).subspan(8), ++counter_);
  return id;
}

void Dispatcher::expect(const frame::MessageId& id, std::chrono::milliseconds deadline, ReplyDone done) {
  auto timer = loop_.after(deadline, [this, id, deadline] {
    fail(id, base::Error{base::ErrorCode::timed_out,
                         "no reply within " + std::to_string(deadline.count()) + " ms",
                         "ask for more time, or check that the other side handles this topic",
                         {},
                         "deadline_passed"});
  });
  waiting_[std::string(base::as_text(id))] = Waiting{std::move(done), std::move(timer)};
}

bool Dispatcher::fail(const frame::MessageId& id, const base::Error& error) {
  const auto at = waiting_.find(std::string(base::as_text(id)));
  if (at == waiting_.end()) return false;
  const Waiting failed = std::move(at->second);  // keeps a timer that is firing alive until we are done
  waiting_.erase(at);
  failed.done(tl::unexpected(error));
  return true;
}

void Dispatcher::fail_all(const base::Error& error) {
  for (auto& [id, waiting] : std::exchange(waiting_, {})) waiting.done(tl::unexpected(error));
}

base::Error refusal_error(base::Refusal code, std::string_view text, std::string_view to) {
  const auto kind =
      code == base::Refusal::deadline_passed ? base::ErrorCode::timed_out : base::ErrorCode::refused;
  std::string what =
      "message" + (to.empty() ? "" : " to " + std::string(to)) + " refused: " + std::string(base::name(code));
  if (!text.empty()) what += " (" + std::string(text) + ")";
  const char* hint = "";
  if (code == base::Refusal::no_such_endpoint)
    hint = "nobody is logged in under that name; start it, or check the spelling";
  if (code == base::Refusal::not_allowed)
    hint = "the project's policy, or this sender's delegation, does not let it do that";
  if (code == base::Refusal::receiver_gone)
    hint = "the receiver's connection ended before it answered; try again";
  return {kind, std::move(what), hint, {}, std::string(base::name(code))};
}

}  // namespace fairlead::node

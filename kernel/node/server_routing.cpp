// ServerNode, second part: what happens to a message that passed the gate.
#include "node/server_node.hpp"
#include "provision/live_renewal.hpp"

namespace fairlead::node {

void ServerNode::link_message(link::ServerLink& link, const Received& message) {
  ++counters_.admitted;
  const auto routed = route(message, link.conversation().session(), &link);
  if (!routed) reject(link, message, routed.error());
}

void ServerNode::reject(link::ServerLink& link, const Received& message, base::Refusal why) {
  count(why);
  log_.info("message.rejected", {{"code", base::name(why)},
                                 {"from", message->headers.from},
                                 {"to", message->headers.to},
                                 {"topic", message->headers.topic}});
  link.conversation().error(why, "to " + std::string(message->headers.to), &message->headers.id);
}

base::Checked<void> ServerNode::route(const Received& message, const auth::Session& sender,
                                      link::ServerLink* from) {
  const auto destination = router_.choose(message, sender);
  if (!destination) return tl::unexpected(destination.error());
  if (destination->everyone) {
    pass_to_everyone(message, sender, from);
    return {};
  }
  if (destination->local) return handle_own(message, sender);
  return pass_on(message, *destination->session, from);
}

base::Checked<void> ServerNode::note_request(const Received& message) {
  const frame::MessageHeaders& headers = message->headers;
  if (headers.kind == frame::MessageKind::reply) {
    const bool asked =
        headers.correlation && outstanding_.take(headers.to, headers.from, *headers.correlation);
    return asked ? base::Checked<void>{} : tl::unexpected(base::Refusal::deadline_passed);
  }
  if (headers.kind != frame::MessageKind::request) return {};
  constexpr uint64_t kLongest = 24ull * 3600 * 1000;
  const std::chrono::milliseconds left(std::min(headers.deadline_ms.value_or(kLongest), kLongest));
  return outstanding_.add(headers.from, headers.to, headers.id, loop_.clock().mono() + left);
}

base::Checked<void> ServerNode::pass_on(const Received& message, auth::Session& receiver,
                                        link::ServerLink* from) {
  link::ServerLink* link = link_of(receiver);
  if (link == nullptr || !link->is_established()) return tl::unexpected(base::Refusal::receiver_gone);
  if (!link->has_room_for(*message)) return tl::unexpected(base::Refusal::busy);
  if (const auto noted = note_request(message); !noted) return tl::unexpected(noted.error());
  link->forward(*message, from);
  ++counters_.delivered;
  if (drained_) close_when_answered();
  return {};
}

void ServerNode::pass_to_everyone(const Received& message, const auth::Session& sender,
                                  link::ServerLink* from) {
  sessions_.for_each([&](const auth::Session& receiver, size_t) {
    if (!router_.reaches(sender, receiver, message->headers.topic)) return;
    link::ServerLink* link = link_of(receiver);
    if (link == nullptr || !link->is_established()) return;
    if (!link->has_room_for(*message)) return count(base::Refusal::busy);
    link->forward(*message, from);
    ++counters_.delivered;
  });
}

/// An answer is taken from who was asked only: others may know the request's number.
base::Checked<void> ServerNode::handle_own(const Received& message, const auth::Session& sender) {
  const frame::MessageHeaders& headers = message->headers;
  if (headers.kind == frame::MessageKind::reply) FAIRLEAD_TRY(note_request(message));
  ++counters_.delivered;
  if (headers.kind != frame::MessageKind::reply && headers.topic.starts_with(admin::kTopics)) {
    answer_admin(message, sender);
    return {};
  }
  if (headers.kind == frame::MessageKind::request && headers.topic == provision::kRenewTopic) {
    answer_renewal(message, sender);
    return {};
  }
  if (dispatcher_.dispatch(message) || headers.kind != frame::MessageKind::request) return {};
  auth::Draft reply = reply_to(message);
  reply.user_headers = {{std::string(kErrorHeader), "nothing handles topic " + reply.topic}};
  send_reply(std::move(reply));
  return {};
}

auth::Draft ServerNode::reply_to(const Received& request) {
  auth::Draft reply;
  reply.kind = frame::MessageKind::reply;
  reply.to = request->headers.from;
  reply.topic = request->headers.topic;
  reply.id = dispatcher_.next_id();
  reply.correlation = request->headers.id;
  return reply;
}

base::Checked<void> ServerNode::originate(auth::Draft draft) {
  const auto verified = own_->admit(auth::compose(std::move(draft)), loop_.clock().mono());
  if (!verified) return tl::unexpected(verified.error());
  ++counters_.admitted;
  return route(*verified, own_->session(), nullptr);
}

void ServerNode::send_reply(auth::Draft reply) {
  reply.from = endpoint_;
  const auto sessions_reply = sessions_.at(reply.to);
  if (sessions_reply == nullptr) return;
  // The server answers what it was asked itself, so the answer is noted as wanted before it is routed.
  if (reply.correlation)
    (void)outstanding_.add(reply.to, reply.from, *reply.correlation,
                           loop_.clock().mono() + std::chrono::seconds(1));
  if (const auto sent = originate(std::move(reply)); !sent) count(sent.error());
}

void ServerNode::send(Outgoing message, Done done) {
  on_loop([this, message = std::move(message), done = std::move(done)]() mutable {
    auth::Draft draft;
    draft.from = endpoint_;
    draft.to = std::move(message.to);
    draft.topic = std::move(message.topic);
    draft.id = dispatcher_.next_id();
    draft.content_sha256 = message.content_sha256;
    draft.user_headers = std::move(message.headers);
    draft.payload = std::move(message.payload);
    const std::string to = draft.to;
    const auto sent = originate(std::move(draft));
    if (!done) return;
    if (sent)
      done({});
    else
      done(tl::unexpected(refusal_error(sent.error(), "", to)));
  });
}

void ServerNode::request(Outgoing message, std::chrono::milliseconds deadline, ReplyDone done) {
  on_loop([this, message = std::move(message), deadline, done = std::move(done)]() mutable {
    auth::Draft draft;
    draft.kind = frame::MessageKind::request;
    draft.from = endpoint_;
    draft.to = std::move(message.to);
    draft.topic = std::move(message.topic);
    draft.id = dispatcher_.next_id();
    draft.deadline_ms = static_cast<uint64_t>(deadline.count());
    draft.content_sha256 = message.content_sha256;
    draft.user_headers = std::move(message.headers);
    draft.payload = std::move(message.payload);
    const std::string to = draft.to;
    const frame::MessageId id = draft.id;
    dispatcher_.expect(id, deadline, std::move(done));
    if (const auto sent = originate(std::move(draft)); !sent)
      dispatcher_.fail(id, refusal_error(sent.error(), "", to));
  });
}

void ServerNode::endpoint_gone(const std::string& endpoint) {
  outstanding_.gone(endpoint, [this](const std::string& requester, const frame::MessageId& id) {
    if (requester == endpoint_) {
      dispatcher_.fail(id, refusal_error(base::Refusal::receiver_gone, "", ""));
      return;
    }
    const auth::Session* session = sessions_.at(requester);
    link::ServerLink* link = session != nullptr ? link_of(*session) : nullptr;
    if (link != nullptr && link->is_established())
      link->conversation().error(base::Refusal::receiver_gone, "", &id);
  });
}

base::Json ServerNode::status_of(std::string_view participant) const {
  base::Json sessions = base::Json::array();
  sessions_.for_each([&](const auth::Session& session, size_t connections) {
    if (session.participant() != participant) return;
    const link::ServerLink* link = link_of(session);
    base::Json one = base::Json::object();
    one.set("endpoint", session.endpoint.text()).set("connections", uint64_t{connections});
    if (link != nullptr)
      one.set("address", link->facts().remote_address).set("protocol", link->facts().protocol);
    const auto left = session.current.expires - loop_.clock().wall();
    one.set("token_expires_in_s", int64_t{std::chrono::duration_cast<std::chrono::seconds>(left).count()});
    sessions.add(std::move(one));
  });
  base::Json status = base::Json::object();
  status.set("server", configured_.kit.settings().server_name)
      .set("project", configured_.kit.settings().project);
  status.set("participant", participant).set("sessions", std::move(sessions));
  return status;
}

void ServerNode::drain(std::chrono::milliseconds limit, std::function<void()> done) {
  on_loop([this, limit, done = std::move(done)]() mutable {
    const bool again = drained_ != nullptr;
    drained_ = std::move(done);
    for (const auto& door : doors_) door->listener.reset();
    drain_timer_ = loop_.after(limit, [this] { finish_drain(); });
    if (!again)
      for (const auto& [id, link] : links_) link->goaway();
    close_when_answered();
  });
}

void ServerNode::close_when_answered() {
  if (links_.empty()) return finish_drain();
  if (outstanding_.size() > 0 || dispatcher_.unanswered() > 0) return;
  for (const auto& [id, link] : links_) link->close();
}

void ServerNode::finish_drain() {
  drain_timer_.reset();
  if (drained_) std::exchange(drained_, nullptr)();
}

base::Json ServerCounters::to_json() const {
  base::Json reasons = base::Json::object();
  for (size_t code = 0; code < refused.size(); ++code)
    if (refused[code] != 0)
      if (const auto refusal = base::refusal_from_code(static_cast<uint8_t>(code)))
        reasons.set(std::string(base::name(*refusal)), refused[code]);
  base::Json json = base::Json::object();
  json.set("admitted", admitted)
      .set("delivered", delivered)
      .set("logins", logins)
      .set("resumed", resumed)
      .set("connections", connections)
      .set("logging_in", logging_in);
  return json.set("refused", std::move(reasons));
}

}  // namespace fairlead::node

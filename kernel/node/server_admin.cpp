// ServerNode, third part: administration. What an admin asks is decided in the admin room; this is the way
// there, and what the room asks of the node.
#include "node/server_node.hpp"

namespace fairlead::node {
namespace {

constexpr std::chrono::seconds kDrainLimit{30};
constexpr size_t kMostErrorText = 1024;

}  // namespace

base::Status ServerNode::open_admin() {
  FAIRLEAD_TRY(const std::filesystem::path folder, configured_.kit.state_dir());
  FAIRLEAD_TRY(admin_, admin::AdminService::open(folder, {sessions_, *this, loop_.clock(), log_,
                                                          configured_.kit.settings().server_name}));
  FAIRLEAD_TRY(admin_->audit_head());  // without it nothing could be recorded, so nothing could be done
  return {};
}

/// Whoever keeps the log elsewhere can compare later.
void ServerNode::log_audit_head() {
  if (const auto head = admin_->audit_head(); head.has_value())
    log_.info("admin.audit", {{"entries", head->seq}, {"head", base::hex(head->hash)}});
}

/// `sender` is the session whose lane brought the message: nothing in the message says who asks.
void ServerNode::answer_admin(const Received& message, const auth::Session& sender) {
  const base::Bytes payload = message->payload();
  const bool is_request = message->headers.kind == frame::MessageKind::request;
  admin_->answer(sender, message->headers.topic, payload,
                 [this, is_request, reply = reply_to(message)](const base::Result<base::Json>& answer) {
                   if (is_request) send_admin_answer(reply, answer);
                 });
}

void ServerNode::send_admin_answer(auth::Draft reply, const base::Result<base::Json>& answer) {
  if (answer.has_value())
    reply.payload = base::move_to_slice(base::to_bytes(answer->dump()));
  else
    reply.user_headers = {{std::string(kErrorHeader), answer.error().line().substr(0, kMostErrorText)},
                          {std::string(kErrorReasonHeader), answer.error().reason}};
  send_reply(std::move(reply));
}

std::optional<admin::Connected> ServerNode::connected(const auth::Session& session) const {
  link::ServerLink* link = link_of(session);
  if (link == nullptr || !link->is_established()) return std::nullopt;
  const auto age = loop_.clock().mono() - link->established_at();
  return admin::Connected{.address = link->facts().remote_address,
                          .protocol = link->facts().protocol,
                          .message_security = link->conversation().level(),
                          .age = std::chrono::floor<std::chrono::seconds>(age)};
}

void ServerNode::drain() {
  loop_.post([this, alive = alive_] {
    if (!*alive) return;
    if (drain_wanted_) return drain_wanted_();
    drain(kDrainLimit, [] {});
  });
}

}  // namespace fairlead::node

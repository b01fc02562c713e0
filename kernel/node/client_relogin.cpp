// ClientNode, second part: new keys for a session, and a new session beside the old one so that no message is
// lost.
#include "node/client_node.hpp"

namespace fairlead::node {
namespace {

constexpr std::chrono::seconds kRetiringLimit{5};
constexpr std::chrono::seconds kLogInAgainAfter{30};
constexpr std::chrono::seconds kChangeAgainAfter{1};

}  // namespace

void ClientNode::plan_renewal() {
  const auto wait = session_.due() - loop_.clock().mono();
  renewal_ =
      loop_.after(std::max<std::chrono::nanoseconds>(wait, std::chrono::nanoseconds(0)), [this] { renew(); });
}

/// Without a connection the next one comes back here when it is established.
void ClientNode::renew() {
  if (!link_ || !link_->is_established() || drained_) return;
  const bool changing = next_ || retiring_.link;  // one change of connections at a time
  if (session_.need() == ClientSession::Need::renewal && !next_) return link_->renew();
  if (!changing) return log_in_beside();
  renewal_ = loop_.after(kChangeAgainAfter, [this] { renew(); });
}

void ClientNode::link_renewed(link::ClientLink&) {
  session_.renewed();
  log_.debug("client.renewed", {{"endpoint", endpoint_}});
  plan_renewal();
}

void ClientNode::log_in_beside() {
  base::Error error;
  next_ = dial({.with_grant = auth::ClientStart::WithGrant::wait}, &error);
  if (next_) return;
  log_.warn("client.login_failed", {{"error", error.line()}});
  renewal_ = loop_.after(kLogInAgainAfter, [this] { renew(); });
}

/// The server ends the old session when the new one opens its lane: what was sent on the old connection must
/// have been handled by then.
void ClientNode::link_granted(link::ClientLink&) {
  barrier_ = ++pings_;
  link_->conversation().ping(*barrier_);
}

void ClientNode::barrier_passed() {
  barrier_.reset();
  opening_ = true;
  next_->open_lane();
}

/// The server has ended the old session, and its word about the new one is still on its way.
void ClientNode::drop_replaced() {
  loop_.at_turn_end([this, alive = alive_, replaced = link_.get()] {
    if (*alive && link_.get() == replaced) link_.reset();
  });
}

void ClientNode::take_over(link::ClientLink& link) {
  opening_ = false;
  std::unique_ptr<auth::Session> fresh = link.take_session();
  note_session(*fresh);
  retiring_.session = session_.adopt(std::move(fresh));
  retiring_.link = std::exchange(link_, std::move(next_));
  if (retiring_.link && retiring_.link->is_established()) {
    retiring_.limit = loop_.after(kRetiringLimit, [this] { retiring_.link->abort(); });
    retiring_.waiting = &link;
    link.pipe().pause();  // what the server sent on the old connection comes first
  } else if (retiring_.link) {
    forget_retiring();  // it has ended in this very turn
  }
  log_.info("client.logged_in_again", {{"endpoint", endpoint_}});
  send_waiting(link);
  plan_renewal();
}

/// The old session goes on, if it still can.
void ClientNode::forget_next(const base::Error& error) {
  const bool replaced = std::exchange(opening_, false) && (!link_ || !link_->is_established());
  barrier_.reset();
  loop_.at_turn_end([this, alive = alive_, error, replaced] {
    if (!*alive) return;
    next_.reset();
    if (replaced) connection_failed(error, false);
  });
  if (ended_ || drained_ || !link_ || !link_->is_established()) return;
  log_.warn("client.login_failed", {{"error", error.line()}});
  send_waiting(*link_);
  renewal_ = loop_.after(kLogInAgainAfter, [this] { renew(); });
}

void ClientNode::forget_retiring() {
  loop_.at_turn_end([this, alive = alive_] {
    if (!*alive) return;
    link::ClientLink* waiting = retiring_.waiting;
    retiring_ = {};
    if (waiting != nullptr) waiting->pipe().resume();
  });
}

}  // namespace fairlead::node

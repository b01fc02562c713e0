#include "link/client_link.hpp"

namespace fairlead::link {
namespace {

const char* hint_of(base::Refusal why) noexcept {
  switch (why) {
    case base::Refusal::login_refused:
      return "the server's log says why; a kit of another project or another server is the usual reason";
    case base::Refusal::endpoint_in_use:
      return "another process of this site is logged in under this name; stop it or use --as";
    case base::Refusal::binding_mismatch:
      return "something between client and server ends the TLS connection; with such a proxy use tls, not "
             "mtls";
    case base::Refusal::certificate_expired:
      return "renew the certificate of the side that is named, or the delegation, and check both clocks";
    case base::Refusal::not_yet_valid:
      return "check the clocks of both sides";
    case base::Refusal::busy:
      return "the server has no room for another login now; try again later";
    case base::Refusal::disabled:
      return "an administrator disabled this participant";
    default:
      return "compare the kits of both sides with `fairlead config explain KIT`";
  }
}

}  // namespace

ClientLink::ClientLink(const LinkContext& context, const auth::ClientLoginConfig& login,
                       auth::ClientStart start, std::string address, ClientLinkEvents& events)
    : context_(context),
      login_config_(login),
      start_(start),
      address_(std::move(address)),
      events_(events),
      pipe_(*this, context.flusher, context.pool) {
  set_deadline(context_.timeouts.handshake, "the connection");
}

void ClientLink::set_deadline(std::chrono::nanoseconds delay, const char* waiting_for) {
  deadline_ = context_.loop.after(delay, [this, waiting_for] {
    fail(base::ErrorCode::cannot_connect,
         (conversation_ ? "connection lost to " : "cannot connect to ") + address_ + context_.way +
             ": no answer while waiting for " + waiting_for,
         "check the address, the firewall and that a Fairlead server listens there", "login_timeout");
    pipe_.abort();
  });
}

void ClientLink::fail(base::ErrorCode code, std::string text, std::string hint, std::string_view reason) {
  if (!error_) error_ = base::Error{code, std::move(text), std::move(hint), {}, std::string(reason)};
}

void ClientLink::pipe_opened() {
  facts_ = pipe_.facts();
  login_.emplace(login_config_, facts_, start_);
  set_deadline(context_.timeouts.login, "the login");
}

bool ClientLink::pipe_frame(const frame::FrameView& frame, const base::BlockRef& owner) {
  if (ended_) return false;
  return conversation_ ? conversation_frame(frame, owner) : login_frame(frame);
}

bool ClientLink::login_frame(const frame::FrameView& frame) {
  const auth::LoginStep step = login_->step(frame, pipe_.outbox());
  pipe_.flush_soon();
  if (step.refused) {
    refuse(*step.refused, step.detail);
    return false;
  }
  if (step.granted) events_.link_granted(*this);
  if (step.established) establish();
  return !ended_;
}

void ClientLink::open_lane() {
  login_->open_lane(pipe_.outbox());
  pipe_.flush_soon();
}

void ClientLink::establish() {
  deadline_.reset();
  made_ = login_->take_session();
  session_ = made_ ? made_.get() : start_.resume;
  conversation_.emplace(auth::End::client, pipe_, login_->take_lane(), *session_, context_.gate);
  login_.reset();
  const auto lost = [this](const char* why) {
    fail(base::ErrorCode::cannot_connect, "connection to " + address_ + " lost: " + why, "check the network",
         "receiver_gone");
    pipe_.abort();
  };
  const auto beat = [this] {
    if (conversation_->lane().wants_new_keys()) renew();
  };
  heartbeat_.emplace(context_.loop, context_.timeouts.heartbeat,
                     conversation_->heartbeat_actions(context_.loop.clock(), lost, beat));
  events_.link_established(*this);
}

bool ClientLink::conversation_frame(const frame::FrameView& frame, const base::BlockRef& owner) {
  auto arrival = conversation_->take(frame, owner, context_.loop.clock().mono());
  if (!arrival) {
    refuse(arrival.error(), "");
    return false;
  }
  if (arrival->message) events_.link_message(*this, *arrival->message);
  if (arrival->renew) renewed(*arrival->renew);
  if (arrival->pong) events_.link_pong(*this, *arrival->pong);
  if (arrival->error && arrival->error->about) events_.link_message_refused(*this, *arrival->error);
  if (arrival->error && !arrival->error->about)
    fail(base::ErrorCode::refused,
         "the server ended the connection: " + std::string(base::name(arrival->error->code)),
         "see the server's log", base::name(arrival->error->code));
  if (arrival->closed) close();
  return !ended_;
}

void ClientLink::renew() {
  if (renewal_ || !is_established()) return;
  auto made = auth::ClientRenewal::make(login_config_.common.random);
  if (!made) return;  // no randomness now: the next heartbeat or timer asks again
  renewal_ = std::move(*made);
  renewal_->ask(conversation_->lane(), pipe_.outbox());
  pipe_.flush_soon();
  set_deadline(context_.timeouts.login, "new credentials");
}

void ClientLink::renewed(base::ByteView answer) {
  if (!renewal_) return refuse(base::Refusal::wrong_state, "credentials that nobody asked for");
  auto fresh = renewal_->take_answer(answer, *session_, login_config_);
  if (!fresh) return refuse(fresh.error(), "renewal");
  renewal_.reset();
  deadline_.reset();
  session_->renew(std::move(*fresh), context_.loop.clock().mono());
  conversation_->lane().switch_outgoing(session_->current);
  events_.link_renewed(*this);
}

void ClientLink::refuse(base::Refusal why, const std::string& detail) {
  refused_ = refused_ || (!conversation_ && why != base::Refusal::busy);
  const std::string what =
      conversation_ ? "refused what the server sent: " : "login to " + address_ + " failed: ";
  fail(base::ErrorCode::cannot_connect,
       what + std::string(base::name(why)) + (detail.empty() ? "" : " (" + detail + ")"), hint_of(why),
       base::name(why));
  ended_ = true;
  if (conversation_) conversation_->error(why, "", nullptr);
  pipe_.close_after_flush();
}

void ClientLink::pipe_broken(base::Refusal why) {
  fail(base::ErrorCode::cannot_connect,
       "what answers at " + address_ + " does not speak Fairlead's protocol (" +
           std::string(base::name(why)) + ")",
       "check host and port, and that connection_security fits what listens there", base::name(why));
  ended_ = true;
  pipe_.abort();
}

void ClientLink::close() {
  if (std::exchange(ended_, true)) return;
  if (conversation_) conversation_->goodbye();
  pipe_.close_after_flush();
}

void ClientLink::note_close(plugin::CloseReason why, const std::string& detail) {
  const std::string told = std::string(plugin::name(why)) + (detail.empty() ? "" : " (" + detail + ")");
  if (conversation_)
    return fail(base::ErrorCode::cannot_connect, "connection to " + address_ + " ended: " + told, "",
                "receiver_gone");
  if (const base::Error* by_proxy = pipe_.proxy_error()) {
    // To try again and again with a wrong password locks accounts.
    refused_ = refused_ || by_proxy->reason == "proxy_refused_credentials";
    if (!error_) error_ = *by_proxy;
    return;
  }
  if (why == plugin::CloseReason::peer_authentication) {
    refused_ = true;
    return fail(base::ErrorCode::cannot_connect, "cannot trust " + address_ + context_.way + ": " + detail,
                "check the host name, the CA (rootCA.pem or custom_ca_cert) and connection_security",
                "peer_authentication");
  }
  if (why == plugin::CloseReason::refused)
    return fail(base::ErrorCode::cannot_connect, "cannot connect to " + address_ + ": " + detail,
                "start the server, or check host and port", "connection_refused");
  fail(base::ErrorCode::cannot_connect, "cannot connect to " + address_ + context_.way + ": " + told,
       "check that connection_security fits what listens there", plugin::name(why));
}

void ClientLink::pipe_closed(plugin::CloseReason why, const std::string& detail) {
  ended_ = true;
  deadline_.reset();
  heartbeat_.reset();
  note_close(why, detail);
  events_.link_closed(*this, *error_);
}

}  // namespace fairlead::link

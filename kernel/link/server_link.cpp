#include "link/server_link.hpp"

#include <algorithm>

#include "auth/link_source.hpp"
#include "auth/renewal.hpp"

namespace fairlead::link {
namespace {

// So that the first frame, HELLO or LANE_OPEN, fits into the first 4 KiB.
constexpr frame::Limits kFirstFrame{.max_block = 0, .max_body = 4096 - frame::kHeaderSize - frame::kTagSize};
constexpr frame::Limits kLoginFrame{.max_block = 0, .max_body = frame::kMaxBodyBeforeLogin};
constexpr const char* kRetryAfter = "retry after 5 s";

std::string participant_of(const auth::Session* session) {
  return session != nullptr ? session->endpoint.text() : std::string("?");
}

}  // namespace

ServerLink::ServerLink(base::ConnId id, const LinkContext& context, const auth::ServerLoginConfig& login,
                       ServerLimits limits, ServerLinkEvents& events)
    : id_(id),
      context_(context),
      login_config_(login),
      limits_(limits),
      events_(events),
      pipe_(*this, context.flusher, context.pool) {
  pipe_.set_limits(kFirstFrame);
  limits_.strangers.arrive(id_, *this);
  set_deadline(context_.timeouts.handshake, base::Refusal::login_timeout, "the transport's handshake");
}

ServerLink::~ServerLink() {
  limits_.strangers.leave(id_);
  limits_.memory.forget(pipe_);
  release_waiting();
  if (paused_for_ != nullptr) std::erase(paused_for_->waiting_, this);
  leave_session();
}

void ServerLink::leave_session() {
  if (session_ == nullptr) return;
  auth::Session& left = *std::exchange(session_, nullptr);
  login_config_.sessions.detach(left, *this, context_.loop.clock().mono());
  // A site that said goodbye on its last connection is not coming back under this session.
  if (said_goodbye_ && login_config_.sessions.users(left).empty())
    login_config_.sessions.end(left, base::Refusal::revoked);
}

void ServerLink::set_deadline(std::chrono::nanoseconds delay, base::Refusal why, const char* waiting_for) {
  deadline_ = context_.loop.after(delay, [this, why, waiting_for] {
    refuse(why, std::string("no progress while waiting for ") + waiting_for);
    pipe_.abort();
  });
}

void ServerLink::pipe_opened() {
  facts_ = pipe_.facts();
  limits_.strangers.opened(id_, auth::link_source(login_config_.common, facts_));
  context_.log.debug("link.opened",
                     {{"conn", id_.value}, {"peer", facts_.remote_address}, {"protocol", facts_.protocol}});
  login_.emplace(login_config_, facts_);
  login_->start(pipe_.outbox());
  pipe_.flush_soon();
  set_deadline(context_.timeouts.first_byte, base::Refusal::login_timeout, "the first byte");
}

bool ServerLink::pipe_frame(const frame::FrameView& frame, const base::BlockRef& owner) {
  if (ended_) return false;
  if (!conversation_) return login_frame(frame);
  if (!conversation_frame(frame, owner)) return false;
  limits_.memory.check(pipe_, held_bytes());
  return true;
}

bool ServerLink::login_frame(const frame::FrameView& frame) {
  const auth::LoginStep step = login_->step(frame, pipe_.outbox());
  pipe_.flush_soon();
  if (step.refused) {
    refuse(*step.refused, step.detail);
    return false;
  }
  if (step.established) {
    establish();
  } else if (frame.header.type == frame::FrameType::hello) {
    return begin_login();
  } else {
    await_flight();
  }
  return !ended_;
}

/// The ClientHello that follows stays unread until there is a slot for it.
bool ServerLink::begin_login() {
  if (!limits_.memory.takes_logins()) {
    auth::append_error(base::Refusal::busy, kRetryAfter, nullptr, nullptr, pipe_.outbox());
    refuse(base::Refusal::busy, "memory is short");
    return false;
  }
  login_until_ = context_.loop.clock().mono() + context_.timeouts.login;
  set_deadline(context_.timeouts.login, base::Refusal::login_timeout, "a login slot");
  limits_.strangers.ask(id_);
  if (!is_admitted_) pipe_.pause();
  return true;
}

void ServerLink::admitted() {
  is_admitted_ = true;
  pipe_.set_limits(kLoginFrame);
  await_flight();
  if (pipe_.is_paused()) pipe_.resume();
}

void ServerLink::await_flight() {
  const auto left = login_until_ - context_.loop.clock().mono();
  set_deadline(std::min<std::chrono::nanoseconds>(context_.timeouts.flight, left),
               base::Refusal::login_timeout, "the login");
}

void ServerLink::evicted() {
  if (login_ && !ended_) {
    auth::append_error(base::Refusal::busy, kRetryAfter, nullptr, nullptr, pipe_.outbox());
    pipe_.flush();
  }
  refuse(base::Refusal::busy, "its place was needed for another login");
  pipe_.abort();
}

void ServerLink::establish() {
  deadline_.reset();
  established_at_ = context_.loop.clock().mono();
  limits_.strangers.leave(id_);
  session_ = login_->session();
  resumed_ = !login_->made_session();
  conversation_.emplace(auth::End::server, pipe_, login_->take_lane(), *session_, context_.gate);
  login_.reset();
  login_config_.sessions.attach(*session_, *this);
  heartbeat_.emplace(context_.loop, context_.timeouts.heartbeat,
                     conversation_->heartbeat_actions(context_.loop.clock(), [this](const char* why) {
                       context_.log.warn("link.dead", {{"peer", participant_of(session_)}, {"why", why}});
                       pipe_.abort();
                     }));
  context_.log.info("link.ready", {{"peer", session_->endpoint.text()},
                                   {"address", facts_.remote_address},
                                   {"scheme", facts_.scheme},
                                   {"protocol", facts_.protocol.empty() ? "clear" : facts_.protocol},
                                   {"session", resumed_ ? "resumed" : "new"},
                                   {"message_security", base::name(conversation_->level())}});
  events_.link_established(*this);
}

bool ServerLink::conversation_frame(const frame::FrameView& frame, const base::BlockRef& owner) {
  const base::MonoTime now = context_.loop.clock().mono();
  if (!is_within_rate(frame, now)) {
    refuse(base::Refusal::rate_limited, "control frames");
    return false;
  }
  const auto arrival = conversation_->take(frame, owner, now);
  if (!arrival) {
    refuse(arrival.error(), "");
    return false;
  }
  login_config_.sessions.confirm(*session_, conversation_->lane().incoming_epoch(), now);
  if (arrival->renew) renew(*arrival->renew);
  if (arrival->message) events_.link_message(*this, *arrival->message);
  if (arrival->closed) {
    said_goodbye_ = true;
    close();
  }
  return !ended_;
}

void ServerLink::renew(base::ByteView request) {
  const auto answered =
      auth::answer_renewal(request, *session_, login_config_, conversation_->lane(), pipe_.outbox());
  if (!answered) return refuse(answered.error(), "renewal");
  context_.log.debug("session.renewal", {{"peer", participant_of(session_)}});
  pipe_.flush_soon();
}

void ServerLink::session_renewed() { conversation_->lane().switch_outgoing(session_->current); }

bool ServerLink::is_within_rate(const frame::FrameView& frame, base::MonoTime now) {
  if (frame.header.type != frame::FrameType::data) return control_rate_.take(now);
  control_rate_.give(1);
  return true;
}

void ServerLink::look(base::MonoTime now) {
  if (!conversation_ || ended_) return;
  if (pipe_.is_paused()) return pace_.restart();
  const FramePace::Seen seen{pipe_.received_frames(), pipe_.received_bytes(), pipe_.is_within_frame()};
  if (pace_.is_too_slow(seen, now)) refuse(base::Refusal::rate_limited, "a frame that arrives too slowly");
}

size_t ServerLink::held_bytes() const noexcept {
  return pipe_.outbox().bytes() + (conversation_ ? conversation_->unfinished_bytes() : 0);
}

void ServerLink::shed() {
  refuse(base::Refusal::busy,
         "memory is short and this link held " + std::to_string(held_bytes()) + " bytes");
  pipe_.abort();
}

void ServerLink::refuse(base::Refusal why, const std::string& detail) {
  if (std::exchange(ended_, true)) return;
  const bool is_stranger = session_ == nullptr;
  limits_.strangers.give_back(id_);
  if (!is_stranger || limits_.strangers.may_log())
    context_.log.warn("link.refused", {{"code", base::name(why)},
                                       {"peer", participant_of(session_)},
                                       {"address", facts_.remote_address},
                                       {"detail", detail}});
  events_.link_refused(*this, why);
  if (conversation_) conversation_->error(why, "", nullptr);
  pipe_.close_after_flush();
}

void ServerLink::pipe_broken(base::Refusal why) {
  if (!conversation_) auth::append_error(why, "", nullptr, nullptr, pipe_.outbox());
  refuse(why, "not a frame of this protocol");
}

void ServerLink::forward(const auth::Message& message, ServerLink* from) {
  conversation_->send(message);
  if (pipe_.outbox().bytes() <= Pipe::kHighWater) return;
  pipe_.flush();
  if (pipe_.outbox().bytes() <= Pipe::kHighWater) return;
  watch_consumer();
  if (from != nullptr && from != this) wait_for_room(*from);
}

void ServerLink::wait_for_room(ServerLink& sender) {
  if (sender.paused_for_ != nullptr) return;
  sender.paused_for_ = this;
  sender.pipe_.pause();
  waiting_.push_back(&sender);
}

void ServerLink::watch_consumer() {
  if (consumer_timer_) return;
  consumer_progress_ = pipe_.sent_bytes();
  consumer_timer_ = context_.loop.after(context_.timeouts.slow_consumer, [this] {
    consumer_timer_.reset();
    if (!pipe_.is_over_high_water()) return;
    if (pipe_.sent_bytes() != consumer_progress_) return watch_consumer();
    context_.log.warn("link.slow_consumer", {{"peer", participant_of(session_)}});
    pipe_.abort();
  });
}

void ServerLink::release_waiting() {
  for (ServerLink* sender : std::exchange(waiting_, {})) {
    sender->paused_for_ = nullptr;
    sender->pipe_.resume();
  }
}

void ServerLink::pipe_drained() {
  consumer_timer_.reset();
  release_waiting();
}

void ServerLink::goaway() {
  if (conversation_ && !ended_) conversation_->goaway();
}

void ServerLink::close() {
  if (std::exchange(ended_, true)) return;
  if (conversation_) conversation_->goodbye();
  pipe_.close_after_flush();
}

void ServerLink::session_ended(base::Refusal why) {
  const auth::Session* ended = std::exchange(session_, nullptr);
  if (std::exchange(ended_, true)) return;
  heartbeat_.reset();  // it looks at the session, which is about to go
  context_.log.info("link.session_ended", {{"peer", participant_of(ended)}, {"code", base::name(why)}});
  if (conversation_) conversation_->error(why, "", nullptr);
  pipe_.close_after_flush();
}

void ServerLink::pipe_closed(plugin::CloseReason why, const std::string& detail) {
  ended_ = true;
  deadline_.reset();
  heartbeat_.reset();
  consumer_timer_.reset();
  limits_.strangers.leave(id_);
  limits_.memory.forget(pipe_);
  release_waiting();
  // Who never logged in is of interest only when something is refused, and that has been logged.
  const auto level = conversation_ ? base::LogLevel::info : base::LogLevel::debug;
  context_.log.write(level, "link.closed",
                     {{"conn", id_.value},
                      {"peer", participant_of(session_)},
                      {"why", plugin::name(why)},
                      {"detail", detail}});
  events_.link_closed(*this);
  leave_session();
}

}  // namespace fairlead::link

#include "fuzz/connection.hpp"

#include "auth/control.hpp"
#include "base/assert.hpp"

namespace fairlead::fuzz {
namespace {

using frame::FrameType;

constexpr auth::InstanceId kInstance{7};
constexpr base::ByteArray<8> kBootId{1, 2, 3};

base::Bytes taken(frame::Outbox& outbox) {
  base::Bytes out;
  for (const base::ByteView slice : outbox.begin_send(SIZE_MAX)) base::append(out, slice);
  outbox.end_send();
  return out;
}

frame::Limits limits_of(bool has_lane) {
  return {frame::kMaxBlock, has_lane ? frame::kMaxBody : frame::kMaxBodyBeforeLogin};
}

std::unique_ptr<auth::Session> known_session(const Project& project) {
  auto session = std::make_unique<auth::Session>();
  session->id = {0x40, 0x41, 0x42};
  session->endpoint = *base::Endpoint::parse("site-1");
  session->instance = kInstance;
  session->boot_id = kBootId;
  session->logged_in = project.clock.mono();
  session->certificate_expires = project.site.certificate.not_after();
  session->certificate_sha256 = project.site.certificate.sha256();
  session->server_certificate_sha256 = project.server.certificate.sha256();
  session->current.token = base::to_bytes("a token");
  session->current.token_signature = base::to_bytes("and its signature");
  session->current.secret = base::Secret(base::ByteView(base::Digest{1, 2, 3}));
  session->current.expires = project.clock.wall() + std::chrono::hours(1);
  session->current.deadline = project.clock.mono() + std::chrono::hours(1);
  session->compact_headers = true;
  return session;
}

}  // namespace

auth::ServerLoginConfig Ends::server_config() {
  auth::LoginCommon common = project.common(project.server_tls);
  common.configured = server_security;
  common.wanted = server_wish;
  return {.common = common,
          .token_certificate = project.token.certificate,
          .token_key = project.token.key,
          .sessions = sessions,
          .revocation = disabled,
          .boot_id = kBootId};
}

auth::ClientLoginConfig Ends::client_config() {
  auth::LoginCommon common = project.common(project.client_tls);
  common.configured = client_security;
  common.wanted = client_wish;
  return {.common = common,
          .name = "site-1",
          .endpoint = "site-1",
          .instance = kInstance,
          .compact_headers = compact_headers,
          .certificate_sha256 = project.site.certificate.sha256()};
}

void Ends::begin_with_session() {
  client_sessions.push_back(known_session(project));
  sessions.add(known_session(project), project.clock.mono());
}

ServerEnd::ServerEnd(Ends& ends)
    : ends_(ends), config_(ends.server_config()), out_(ends.memory), login_(config_, ends.server_facts) {
  login_.start(out_);
}

ServerEnd::~ServerEnd() {
  if (session_ != nullptr) ends_.sessions.detach(*session_, *this, ends_.project.clock.mono());
}

void ServerEnd::session_ended(base::Refusal why) {
  session_ = nullptr;
  if (!std::exchange(over_, true)) auth::append_error(why, "", nullptr, lane_.get(), out_);
}

base::Bytes ServerEnd::take_output() { return taken(out_); }

size_t ServerEnd::receive(base::ByteView bytes) {
  admitted_ = 0;
  base::append(received_, bytes);
  while (!over_ && !received_.empty()) {
    const auto decoded = frame::decode(received_, limits_of(lane_ != nullptr));
    if (!decoded) over_ = true;
    if (over_ || !decoded->complete) break;
    const base::ByteView whole = base::ByteView(received_).first(decoded->frame.header.frame_size());
    if (!handle(whole)) over_ = true;
    received_.erase(received_.begin(), received_.begin() + static_cast<std::ptrdiff_t>(whole.size()));
  }
  return admitted_;
}

/// In a block of its own: a message keeps it.
bool ServerEnd::handle(base::ByteView raw) {
  const base::BlockRef owner = base::move_to_slice(base::to_bytes(raw)).owner;
  const auto decoded = frame::decode(owner.get()->bytes, limits_of(lane_ != nullptr));
  FAIRLEAD_ASSERT(decoded && decoded->complete);
  return lane_ ? converse(decoded->frame, owner) : log_in(decoded->frame);
}

bool ServerEnd::log_in(const frame::FrameView& frame) {
  const auth::LoginStep step = login_.step(frame, out_);
  FAIRLEAD_ASSERT(!step.refused || !step.established);
  if (!step.established) return !step.refused;
  lane_ = login_.take_lane();
  session_ = login_.session();
  FAIRLEAD_ASSERT(lane_ && session_ && session_->participant() == "site-1" && !session_->revoked);
  FAIRLEAD_ASSERT(!ends_.disabled.everybody);
  ends_.sessions.attach(*session_, *this);
  return true;
}

bool ServerEnd::converse(const frame::FrameView& frame, const base::BlockRef& owner) {
  const base::MonoTime now = ends_.project.clock.mono();
  std::optional<auth::Verified<auth::Message>> message;
  if (frame.header.type == FrameType::data) {
    auto admitted = gate_.admit(frame, owner, *lane_, *session_, now);
    if (!admitted) return false;
    message = std::move(*admitted);
  } else if (!gate_.admit_control(frame, *lane_, *session_, now)) {
    return false;
  }
  if (message) accept(**message, frame.header.epoch);
  ends_.sessions.confirm(*session_, lane_->incoming_epoch(), now);
  FAIRLEAD_ASSERT(lane_->outgoing_epoch() == session_->current.epoch);
  return take_control(frame);
}

bool ServerEnd::take_control(const frame::FrameView& frame) {
  if (frame.header.type == FrameType::close) return false;
  if (frame.header.type == FrameType::renew)
    return auth::answer_renewal(frame.body, *session_, config_, *lane_, out_).has_value();
  if (frame.header.type != FrameType::ping) return true;
  const auto number = auth::decode_ping(frame.body);
  if (number) auth::append_pong(*number, *lane_, out_);
  return number.has_value();
}

void ServerEnd::session_renewed() { lane_->switch_outgoing(session_->current); }

void ServerEnd::accept(const auth::Message& message, base::Epoch epoch) {
  FAIRLEAD_ASSERT(message.payload_size() == message.headers.total_length);
  FAIRLEAD_ASSERT(session_->endpoint.covers(message.headers.from));
  const auth::Credentials* credentials = session_->of(epoch);
  FAIRLEAD_ASSERT(!session_->revoked && credentials != nullptr);
  FAIRLEAD_ASSERT(ends_.project.clock.mono() < credentials->deadline);
  FAIRLEAD_ASSERT(message.headers.token.empty() || base::equal(message.headers.token, credentials->token));
  ++admitted_;
}

ClientEnd::ClientEnd(Ends& ends, auth::Session* resume)
    : ends_(ends),
      config_(ends.client_config()),
      out_(ends.memory),
      login_(config_, ends.client_facts, {.resume = resume}),
      session_(resume) {}

base::Bytes ClientEnd::take_output() { return taken(out_); }

void ClientEnd::receive(base::Bytes bytes) {
  base::MutableByteView rest = bytes;
  while (!over_ && !rest.empty()) {
    const auto decoded = frame::decode(rest, limits_of(lane_ != nullptr));
    if (!decoded || !decoded->complete) return;
    if (lane_)
      over_ = !converse(decoded->frame);
    else
      log_in(decoded->frame);
    rest = rest.subspan(decoded->frame.header.frame_size());
  }
}

void ClientEnd::log_in(const frame::FrameView& frame) {
  const auth::LoginStep step = login_.step(frame, out_);
  over_ = step.refused.has_value();
  if (!step.established) return;
  if (auto made = login_.take_session()) {
    session_ = made.get();
    ends_.client_sessions.push_back(std::move(made));
  }
  lane_ = login_.take_lane();
}

bool ClientEnd::converse(const frame::FrameView& frame) {
  if (!lane_->open(frame, *session_)) return false;
  if (frame.header.type != FrameType::renew || !renewal_) return true;
  auto fresh = renewal_->take_answer(frame.body, *session_, config_);
  renewal_.reset();
  if (!fresh) return false;
  session_->renew(std::move(*fresh), ends_.project.clock.mono());
  return true;
}

void ClientEnd::renew() {
  if (!lane_ || over_ || renewal_) return;
  auto made = auth::ClientRenewal::make(ends_.project.random);
  FAIRLEAD_ASSERT(made.has_value());
  renewal_ = std::move(*made);
  renewal_->ask(*lane_, out_);
}

void ClientEnd::follow() {
  if (!lane_ || over_) return;
  // One that missed a renewal is of no use any more.
  over_ = lane_->outgoing_epoch() != session_->current.epoch &&
          lane_->outgoing_epoch().next() != session_->current.epoch;
  if (!over_) lane_->switch_outgoing(session_->current);
}

void ClientEnd::protect(FrameType type, uint8_t flags, base::ByteView block, base::ByteView body) {
  if (!lane_) return;
  const base::Slice content = base::copy_to_slice(body);
  lane_->protect(type, flags, base::StreamId{1}, block, {}, {&content, 1}, out_);
}

void ClientEnd::send(std::string_view from, size_t size) {
  if (!lane_) return;
  auth::Draft draft;
  draft.from = from;
  draft.to = "server";
  draft.topic = "topic";
  base::store_be(base::MutableByteView(draft.id).subspan(8), ++messages_);
  draft.payload = base::move_to_slice(base::Bytes(size, 'x'));
  auth::protect_message(auth::compose(std::move(draft)), auth::End::client, *session_, *lane_,
                        base::StreamId{1}, out_);
}

}  // namespace fairlead::fuzz

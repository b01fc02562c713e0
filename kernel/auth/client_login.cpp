#include <utility>

#include "auth/control.hpp"
#include "auth/grant_checks.hpp"
#include "auth/hello.hpp"
#include "auth/inner_message.hpp"
#include "auth/key_schedule.hpp"
#include "auth/login.hpp"
#include "auth/login_request.hpp"
#include "auth/peer_identity.hpp"
#include "auth/plain_frame.hpp"
#include "auth/session_revocation.hpp"
#include "base/assert.hpp"
#include "base/result.hpp"

namespace fairlead::auth {
namespace {

using base::Checked;
using base::Refusal;
using frame::FrameType;

enum class Phase { await_invite, handshake, await_grant, granted, await_lane, over };

}  // namespace

struct ClientLogin::State {
  State(const ClientLoginConfig& rules, const base::LinkFacts& link, const ClientStart& how)
      : config(rules), facts(link), start(how) {}

  LoginStep on_invite(const frame::FrameView& frame, frame::Outbox& out);
  LoginStep say_hello(const frame::FrameView& invite, frame::Outbox& out);
  LoginStep on_login(const frame::FrameView& frame, frame::Outbox& out);
  LoginStep send_request(frame::Outbox& out);
  LoginStep on_inner(frame::Outbox& out);
  LoginStep on_grant(base::ByteView content, frame::Outbox& out);
  void open_lane(frame::Outbox& out);
  bool resumes(const LaneInvite& invite) const noexcept;
  LoginStep on_lane_open(const frame::FrameView& frame);
  Checked<base::MessageSecurity> check_answer(const frame::FrameView& frame);
  LoginStep on_error(const frame::FrameView& frame);

  Session& session() const noexcept { return made ? *made : *start.resume; }
  LoginStep refuse(Refusal why, std::string detail) {
    phase = Phase::over;
    return {why, std::move(detail), false};
  }

  const ClientLoginConfig& config;
  base::LinkFacts facts;
  Phase phase = Phase::await_invite;
  Nonce16 lane_nonce{}, client_nonce{};
  PreludeHash prelude;
  std::optional<crypto::LoginTls> tls;
  base::Bytes inner;  // what came through the handshake's connection
  std::chrono::seconds heartbeat{10};
  ClientStart start;
  std::unique_ptr<Session> made;
  std::unique_ptr<Lane> lane;
};

LoginStep ClientLogin::State::on_invite(const frame::FrameView& frame, frame::Outbox& out) {
  const auto invite = decode_lane_invite(frame.body);
  if (!invite) return refuse(invite.error(), "LANE_INVITE");
  // Before the first byte of ours: a link that is less than was asked for learns nothing from us.
  if (const auto enough = check_own_link(End::client, config.common.configured, facts); !enough)
    return refuse(enough.error(), "the connection is less secure than connection_security asks for");
  lane_nonce = invite->lane_nonce;
  if (!resumes(*invite)) return say_hello(frame, out);
  open_lane(out);
  return {};
}

/// A hint only, like everything before the tag: at worst it costs a login.
bool ClientLogin::State::resumes(const LaneInvite& invite) const noexcept {
  if (start.resume == nullptr) return false;
  return invite.boot_id == start.resume->boot_id || start.on_restart == ClientStart::OnRestart::resume;
}

LoginStep ClientLogin::State::say_hello(const frame::FrameView& invite, frame::Outbox& out) {
  Hello hello;
  hello.audience = config.common.identity.audience();
  const base::Bytes bytes = plain_frame(FrameType::hello, End::client, encode(hello));
  prelude.add(invite);
  prelude.add(bytes);
  out.append(bytes);
  tls.emplace(config.common.tls);
  if (const auto started = tls->feed({}); !started) return refuse(started.error(), tls->failure_text());
  append_login(tls->take_output(), End::client, out);
  phase = Phase::handshake;
  return {};
}

LoginStep ClientLogin::State::on_login(const frame::FrameView& frame, frame::Outbox& out) {
  const auto fed = tls->feed(frame.body);
  if (!fed) {
    append_login(tls->take_output(), End::client, out);
    return refuse(fed.error(), tls->failure_text());
  }
  if (phase == Phase::handshake && tls->done()) return send_request(out);
  append_login(tls->take_output(), End::client, out);
  return phase == Phase::await_grant ? on_inner(out) : LoginStep{};
}

/// Whom it talks to is checked before anything is said about this client.
LoginStep ClientLogin::State::send_request(frame::Outbox& out) {
  const LoginCommon& common = config.common;
  if (const auto right = check_server(common.anchor, common.identity, *tls->peer()); !right)
    return refuse(right.error(), "the server's certificate is for " + tls->peer()->subject_text());
  LoginRequest request;
  request.project = common.identity.project;
  request.name = config.name;
  request.type = config.type;
  request.endpoint = config.endpoint;
  request.instance = config.instance;
  request.configured = common.configured;
  request.observed = observe(facts);
  request.wanted = common.wanted;
  request.compact_headers = config.compact_headers;
  request.prelude = prelude.digest();
  request.delegation = config.delegation;
  if (const auto sent = tls->write(encode_inner(InnerKind::request, encode(request))); !sent)
    return refuse(sent.error(), tls->failure_text());
  append_login(tls->take_output(), End::client, out);
  phase = Phase::await_grant;
  return on_inner(out);
}

LoginStep ClientLogin::State::on_inner(frame::Outbox& out) {
  base::append(inner, tls->read());
  const auto message = decode_inner(inner);
  if (!message) return refuse(message.error(), "message inside the login");
  if (!*message) return {};
  if ((*message)->kind == InnerKind::grant) return on_grant((*message)->content, out);
  if ((*message)->kind != InnerKind::refusal) return refuse(Refusal::malformed, "neither Grant nor refusal");
  const auto refusal = decode_login_refusal((*message)->content);
  if (!refusal) return refuse(refusal.error(), "refusal inside the login");
  return refuse(refusal->code, "reference " + refusal->reference);
}

LoginStep ClientLogin::State::on_grant(base::ByteView content, frame::Outbox& out) {
  const auto grant = decode_grant(content);
  if (!grant) return refuse(grant.error(), "Grant");
  auto session = check_grant(*grant, *tls->peer(), config, prelude.digest());
  if (!session) return refuse(session.error(), "Grant");
  made = std::move(*session);
  made->peer_path = der_path(tls->peer_path());
  // Again at the last moment: the lists may have changed during the handshake.
  const LoginCommon& common = config.common;
  if (const auto still = check_revocation(*made, common.anchor, common.clock.wall()); !still)
    return refuse(still.error(), "the server's certificate");
  const auto context = exporter_context(config.common.identity.audience(), made->id, prelude.digest());
  made->current.secret = sec_first(tls->exporter(kExporterLabel, context, 32), made->current.token);
  heartbeat = std::chrono::duration_cast<std::chrono::seconds>(grant->heartbeat);
  if (start.with_grant == ClientStart::WithGrant::wait) {
    phase = Phase::granted;
    return {.refused = {}, .detail = {}, .granted = true};
  }
  open_lane(out);
  return {};
}

void ClientLogin::State::open_lane(frame::Outbox& out) {
  client_nonce = config.common.random.bytes<16>();
  const base::LaneId id(++session().lanes_opened);
  lane = std::make_unique<Lane>(End::client, id, session(), lane_nonce, client_nonce);
  const base::Slice body =
      base::move_to_slice(encode(LaneOpen{client_nonce, observe(facts), config.common.wanted}));
  lane->protect(FrameType::lane_open, 0, {}, {}, {}, {&body, 1}, out);
  phase = Phase::await_lane;
}

/// The level that the lane has from now on: the server's word, unless it is below our own computation.
Checked<base::MessageSecurity> ClientLogin::State::check_answer(const frame::FrameView& frame) {
  FAIRLEAD_TRY(lane->open(frame, session()));
  FAIRLEAD_TRY(const LaneOpen answer, decode_lane_open(frame.body));
  if (answer.client_nonce != client_nonce) return tl::unexpected(Refusal::malformed);
  const LoginCommon& common = config.common;
  FAIRLEAD_TRY(check_same_link(common.configured, facts, answer.observed,
                               {session().server_certificate_sha256, common.identity.server_name}));
  const auto own = lane_level(session().floor, common.wanted, observe(facts), answer.observed);
  if (answer.level < own) return tl::unexpected(Refusal::security_floor);
  return answer.level;
}

LoginStep ClientLogin::State::on_lane_open(const frame::FrameView& frame) {
  const auto level = check_answer(frame);
  if (!level) return refuse(level.error(), "LANE_OPEN");
  lane->raise_level(*level);
  phase = Phase::over;
  return {std::nullopt, {}, true};
}

/// Without a tag it is only what somebody on the way says; the connection is of no use in either case.
LoginStep ClientLogin::State::on_error(const frame::FrameView& frame) {
  if (frame.header.is_tagged()) {
    if (phase != Phase::await_lane) return refuse(Refusal::wrong_state, "ERROR on no lane");
    if (const auto opened = lane->open(frame, session()); !opened) return refuse(opened.error(), "ERROR");
  }
  const auto error = decode_error(frame.body);
  if (!error) return refuse(error.error(), "ERROR");
  const bool is_reference = error->code != Refusal::busy && !error->text.empty();
  return refuse(error->code, (is_reference ? "reference " : "") + error->text);
}

ClientLogin::ClientLogin(const ClientLoginConfig& config, const base::LinkFacts& facts, ClientStart start)
    : state_(std::make_unique<State>(config, facts, start)) {}
ClientLogin::~ClientLogin() = default;

void ClientLogin::open_lane(frame::Outbox& out) {
  FAIRLEAD_ASSERT(state_->phase == Phase::granted);
  state_->open_lane(out);
}

LoginStep ClientLogin::step(const frame::FrameView& frame, frame::Outbox& out) {
  const FrameType type = frame.header.type;
  if (!frame.header.has(frame::kServerToClient))
    return state_->refuse(Refusal::malformed, "a client's frame from a server");
  if (type == FrameType::error && state_->phase != Phase::over) return state_->on_error(frame);
  switch (state_->phase) {
    case Phase::await_invite:
      if (type == FrameType::lane_invite) return state_->on_invite(frame, out);
      break;
    case Phase::handshake:
    case Phase::await_grant:
      if (type == FrameType::login) return state_->on_login(frame, out);
      break;
    case Phase::await_lane:
      if (type == FrameType::lane_open) return state_->on_lane_open(frame);
      break;
    case Phase::granted:
    case Phase::over:
      break;
  }
  return state_->refuse(Refusal::wrong_state, "a frame out of turn");
}

std::unique_ptr<Lane> ClientLogin::take_lane() { return std::move(state_->lane); }
std::unique_ptr<Session> ClientLogin::take_session() { return std::move(state_->made); }
std::chrono::seconds ClientLogin::heartbeat() const noexcept { return state_->heartbeat; }

}  // namespace fairlead::auth

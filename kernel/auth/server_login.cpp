#include <utility>

#include "auth/control.hpp"
#include "auth/grant.hpp"
#include "auth/hello.hpp"
#include "auth/inner_message.hpp"
#include "auth/key_schedule.hpp"
#include "auth/login.hpp"
#include "auth/login_checks.hpp"
#include "auth/plain_frame.hpp"
#include "auth/session_revocation.hpp"
#include "base/result.hpp"

namespace fairlead::auth {
namespace {

using base::Checked;
using base::Refusal;
using frame::FrameType;

enum class Phase { await_hello, handshake, await_lane, over };

}  // namespace

struct ServerLogin::State {
  State(const ServerLoginConfig& rules, const base::LinkFacts& link)
      : config(rules), facts(link), lane_nonce(rules.common.random.bytes<16>()) {}

  LoginStep on_hello(const frame::FrameView& frame, frame::Outbox& out);
  LoginStep on_login(const frame::FrameView& frame, frame::Outbox& out);
  LoginStep on_inner(frame::Outbox& out);
  LoginStep grant(const LoginRequest& request, const Standing& standing, const crypto::Identity& identity,
                  frame::Outbox& out);
  base::Bytes encode_grant(const Session& session) const;
  LoginStep on_lane_open(const frame::FrameView& frame, frame::Outbox& out);
  Checked<void> verify_lane(const frame::FrameView& frame, Session& session);
  Checked<void> check_lane(Session& session) const;
  LoginStep establish(Session& session, frame::Outbox& out);

  std::string new_reference() { return base::hex(config.common.random.bytes<4>()); }
  LoginStep finish(Refusal why, const std::string& reference, const std::string& detail);
  LoginStep refuse_outside(Refusal why, const std::string& detail, frame::Outbox& out);
  LoginStep refuse_inside(Refusal why, const std::string& detail, frame::Outbox& out) {
    return refuse_inside(why, why, detail, out);
  }
  LoginStep refuse_inside(Refusal why, Refusal told, const std::string& detail, frame::Outbox& out);
  LoginStep refuse_unproved(Refusal why, const std::string& detail, frame::Outbox& out);
  LoginStep refuse_lane(Refusal why, frame::Outbox& out);

  const ServerLoginConfig& config;
  base::LinkFacts facts;
  Phase phase = Phase::await_hello;
  Nonce16 lane_nonce;
  PreludeHash prelude;
  std::optional<crypto::LoginTls> tls;
  base::Bytes inner;                // what came through the handshake's connection
  std::optional<uint64_t> granted;  // prefix of the session that this connection made
  LaneOpen asked;                   // by the client, authenticated
  std::unique_ptr<Lane> lane;
  Session* session = nullptr;  // once the lane is up
};

LoginStep ServerLogin::State::finish(Refusal why, const std::string& reference, const std::string& detail) {
  phase = Phase::over;
  return {why, "reference " + reference + (detail.empty() ? "" : ": " + detail), false};
}

/// Until the peer's chain has verified it learns nothing but a number that finds the log line.
LoginStep ServerLogin::State::refuse_outside(Refusal why, const std::string& detail, frame::Outbox& out) {
  const std::string reference = new_reference();
  append_error(Refusal::login_refused, reference, nullptr, nullptr, out);
  if (tls) append_login(tls->take_output(), End::server, out);
  return finish(why, reference, detail);
}

LoginStep ServerLogin::State::refuse_inside(Refusal why, Refusal told, const std::string& detail,
                                            frame::Outbox& out) {
  const std::string reference = new_reference();
  if (tls->write(encode_inner(InnerKind::refusal, encode(LoginRefusal{told, reference}))))
    append_login(tls->take_output(), End::server, out);
  return finish(why, reference, detail);
}

/// Anybody gets this far as a delegate, with a key of his own; of a participant the chain has verified.
LoginStep ServerLogin::State::refuse_unproved(Refusal why, const std::string& detail, frame::Outbox& out) {
  const bool is_known = tls->kind() == crypto::LoginKind::participant;
  return refuse_inside(why, is_known ? why : Refusal::login_refused, detail, out);
}

/// One answer for every reason, so that nobody can ask which sessions there are; the client logs in anew.
LoginStep ServerLogin::State::refuse_lane(Refusal why, frame::Outbox& out) {
  const std::string reference = new_reference();
  append_error(Refusal::unknown_lane, reference, nullptr, nullptr, out);
  return finish(why, reference, "lane not opened");
}

LoginStep ServerLogin::State::on_hello(const frame::FrameView& frame, frame::Outbox& out) {
  const auto hello = decode_hello(frame.body);
  if (!hello) return refuse_outside(hello.error(), "HELLO", out);
  if (hello->audience != config.common.identity.audience())
    return refuse_outside(Refusal::wrong_audience, "HELLO is for another project, server or root", out);
  prelude.add(frame);
  phase = Phase::handshake;
  return {};
}

LoginStep ServerLogin::State::on_login(const frame::FrameView& frame, frame::Outbox& out) {
  if (frame.body.empty()) return refuse_outside(Refusal::malformed, "empty LOGIN", out);
  if (!tls) tls.emplace(config.common.tls);
  if (const auto fed = tls->feed(frame.body); !fed)
    return refuse_outside(fed.error(), tls->failure_text(), out);
  append_login(tls->take_output(), End::server, out);
  return tls->done() ? on_inner(out) : LoginStep{};
}

LoginStep ServerLogin::State::on_inner(frame::Outbox& out) {
  base::append(inner, tls->read());
  const auto message = decode_inner(inner);
  if (!message) return refuse_unproved(message.error(), "message inside the login", out);
  if (!*message) return {};
  if ((*message)->kind != InnerKind::request)
    return refuse_unproved(Refusal::malformed, "not a LoginRequest", out);
  const auto request = decode_login_request((*message)->content);
  if (!request) return refuse_unproved(request.error(), "LoginRequest", out);
  std::string detail;
  const auto standing = standing_of(*request, *tls, config.common, &detail);
  if (!standing) return refuse_unproved(standing.error(), detail, out);
  const auto identity = check_login(*request, *standing, config, facts, prelude.digest());
  if (!identity)
    return refuse_inside(identity.error(), "certificate of " + standing->certificate().subject_text(), out);
  return grant(*request, *standing, *identity, out);
}

LoginStep ServerLogin::State::grant(const LoginRequest& request, const Standing& standing,
                                    const crypto::Identity& identity, frame::Outbox& out) {
  auto made = make_session(request, identity, standing, config);
  if (!made) return refuse_inside(Refusal::login_refused, made.error().line(), out);
  Session& fresh = **made;
  const base::Secret prk0 = tls->exporter(
      kExporterLabel, exporter_context(config.common.identity.audience(), fresh.id, prelude.digest()), 32);
  fresh.current.secret = sec_first(prk0, fresh.current.token);
  // Again at the last moment: whoever was disabled or revoked during the handshake is not let in by it.
  if (config.revocation.is_disabled(identity.name)) return refuse_inside(Refusal::disabled, "", out);
  const LoginCommon& common = config.common;
  if (const auto still = check_revocation(fresh, common.anchor, common.clock.wall()); !still)
    return refuse_inside(still.error(), "certificate of " + standing.certificate().subject_text(), out);
  if (const auto sent = tls->write(encode_inner(InnerKind::grant, encode_grant(fresh))); !sent)
    return refuse_outside(sent.error(), tls->failure_text(), out);
  append_login(tls->take_output(), End::server, out);
  granted = fresh.prefix();
  config.sessions.add(std::move(*made), config.common.clock.mono());
  phase = Phase::await_lane;
  return {};
}

base::Bytes ServerLogin::State::encode_grant(const Session& fresh) const {
  const base::WallTime now = config.common.clock.wall();
  Grant grant;
  grant.sid = fresh.id;
  grant.token = fresh.current.token;
  grant.token_signature = fresh.current.token_signature;
  grant.signer_der = config.token_certificate.der();
  grant.lifetime = std::chrono::ceil<std::chrono::seconds>(fresh.current.expires - now);
  grant.renew_after = fresh.current.renew_after;
  grant.heartbeat = config.heartbeat;
  grant.max_block = frame::kMaxBlock;
  grant.max_body = frame::kMaxBody;
  grant.server_time = now;
  grant.boot_id = config.boot_id;
  grant.prelude = prelude.digest();
  grant.floor = config.common.wanted;
  return encode(grant);
}

LoginStep ServerLogin::State::on_lane_open(const frame::FrameView& frame, frame::Outbox& out) {
  const uint64_t prefix = frame.header.session_prefix;
  Session* found = config.sessions.find(prefix);
  if (found == nullptr || granted.value_or(prefix) != prefix) return refuse_lane(Refusal::unknown_lane, out);
  if (const auto verified = verify_lane(frame, *found); !verified) return refuse_lane(verified.error(), out);
  if (const auto allowed = check_lane(*found); !allowed) {
    const std::string reference = new_reference();
    append_error(allowed.error(), reference, nullptr, lane.get(), out);
    if (!found->proved) config.sessions.end(*found, allowed.error());
    return finish(allowed.error(), reference, "lane not opened");
  }
  return establish(*found, out);
}

/// The nonce is used before it is authenticated: a wrong one gives wrong keys, and the tag fails.
Checked<void> ServerLogin::State::verify_lane(const frame::FrameView& frame, Session& found) {
  const base::LaneId id = frame.header.lane;
  if (id.value <= found.lanes_opened) return tl::unexpected(Refusal::replay);
  const Credentials* credentials = found.of(frame.header.epoch);
  if (credentials == nullptr || credentials->secret.empty()) return tl::unexpected(Refusal::old_epoch);
  FAIRLEAD_TRY(asked, decode_lane_open(frame.body));
  auto opened = std::make_unique<Lane>(End::server, id, found, *credentials, lane_nonce, asked.client_nonce,
                                       LaneLimits{});
  FAIRLEAD_TRY(opened->open(frame, found));
  found.lanes_opened = id.value;
  lane = std::move(opened);
  return {};
}

/// Every check of the link, and of who this is, is made again for every connection.
Checked<void> ServerLogin::State::check_lane(Session& found) const {
  const LoginCommon& common = config.common;
  if (common.clock.mono() >= found.of(lane->incoming_epoch())->deadline)
    return tl::unexpected(Refusal::expired);
  if (config.revocation.is_disabled(found.participant())) return tl::unexpected(Refusal::disabled);
  FAIRLEAD_TRY(check_revocation(found, common.anchor, common.clock.wall()));
  FAIRLEAD_TRY(check_own_link(End::server, common.configured, facts));
  FAIRLEAD_TRY(check_same_link(common.configured, facts, asked.observed,
                               {found.certificate_sha256, found.participant()}));
  // Of two instances that logged in at the same time the first lane wins.
  if (!found.proved && config.sessions.is_taken(found.endpoint, found.instance))
    return tl::unexpected(Refusal::endpoint_in_use);
  return {};
}

LoginStep ServerLogin::State::establish(Session& found, frame::Outbox& out) {
  const ObservedLink own = observe(facts);
  const auto wish = stronger(found.floor, config.common.wanted);
  const base::MessageSecurity level = lane_level(wish, asked.level, own, asked.observed);
  const base::Slice body = base::move_to_slice(encode(LaneOpen{asked.client_nonce, own, level}));
  lane->protect(FrameType::lane_open, 0, {}, {}, {}, {&body, 1}, out);
  lane->raise_level(level);
  config.sessions.confirm(found, lane->incoming_epoch(), config.common.clock.mono());
  config.sessions.prove(found);
  session = &found;
  phase = Phase::over;
  return {std::nullopt, {}, true};
}

ServerLogin::ServerLogin(const ServerLoginConfig& config, const base::LinkFacts& facts)
    : state_(std::make_unique<State>(config, facts)) {}
ServerLogin::~ServerLogin() = default;

void ServerLogin::start(frame::Outbox& out) {
  LaneInvite invite;
  invite.lane_nonce = state_->lane_nonce;
  invite.boot_id = state_->config.boot_id;
  invite.max_block = frame::kMaxBlock;
  invite.max_body = frame::kMaxBody;
  const base::Bytes bytes = plain_frame(FrameType::lane_invite, End::server, encode(invite));
  state_->prelude.add(bytes);
  out.append(bytes);
}

LoginStep ServerLogin::step(const frame::FrameView& frame, frame::Outbox& out) {
  const FrameType type = frame.header.type;
  if (frame.header.has(frame::kServerToClient))
    return state_->refuse_outside(Refusal::malformed, "a server's frame from a client", out);
  switch (state_->phase) {
    case Phase::await_hello:
      if (type == FrameType::hello) return state_->on_hello(frame, out);
      if (type == FrameType::lane_open) return state_->on_lane_open(frame, out);
      break;
    case Phase::handshake:
      if (type == FrameType::login) return state_->on_login(frame, out);
      break;
    case Phase::await_lane:
      if (type == FrameType::lane_open) return state_->on_lane_open(frame, out);
      break;
    case Phase::over:
      break;
  }
  return state_->refuse_outside(Refusal::wrong_state, "a frame out of turn", out);
}

std::unique_ptr<Lane> ServerLogin::take_lane() { return std::move(state_->lane); }
Session* ServerLogin::session() const noexcept { return state_->session; }
bool ServerLogin::made_session() const noexcept { return state_->granted.has_value(); }

}  // namespace fairlead::auth

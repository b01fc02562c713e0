#include "vectors.hpp"

#include "auth/grant.hpp"
#include "auth/hello.hpp"
#include "auth/inner_message.hpp"
#include "auth/key_schedule.hpp"
#include "auth/login_request.hpp"
#include "auth/plain_frame.hpp"
#include "auth/renew_body.hpp"
#include "auth/token.hpp"
#include "crypto/openssl.hpp"
#include "given.hpp"

namespace fairlead::auth {
namespace {

using base::Bytes;
using base::Json;

std::string hex(base::ByteView bytes) { return base::hex(bytes); }

/// 00 01 02 ... from `first` on.
template <size_t N>
base::ByteArray<N> counting(uint8_t first) {
  base::ByteArray<N> out;
  for (size_t i = 0; i < N; ++i) out[i] = static_cast<uint8_t>(first + i);
  return out;
}

/// The Ed25519 key of RFC 8032, section 7.1, test 1: its signatures are the same every time.
constexpr std::string_view kSignerPem =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
    "-----END PRIVATE KEY-----\n";

crypto::PrivateKey signer() { return must(crypto::PrivateKey::from_pem(base::as_bytes(kSignerPem))); }

const base::Digest kRootSpkiHash = counting<32>(0x10);

Token a_token() {
  Token token;
  token.sid = counting<16>(0x40);
  token.issued = base::WallTime(std::chrono::milliseconds(1906502400000));
  token.expires = token.issued + 1h;
  token.audience = audience_of(kProject, kServer, kRootSpkiHash);
  token.type = base::ParticipantType::client;
  token.certificate_sha256 = counting<32>(0x80);
  token.name = token.endpoint = kSite;
  return token;
}

SignedToken signed_token() { return must(sign_token(a_token(), signer())); }

Session a_session() {
  const SignedToken made = signed_token();
  Session session;
  session.id = counting<16>(0x40);
  session.endpoint = must(base::Endpoint::parse(kSite));
  session.current.secret = base::Secret(base::ByteView(counting<32>(0xC0)));
  session.current.token = made.token;
  session.current.token_signature = made.signature;
  return session;
}

const Nonce16 kLaneNonce = counting<16>(0x50), kClientNonce = counting<16>(0x60);

Lane a_lane(End end) { return {end, base::LaneId(1), a_session(), kLaneNonce, kClientNonce}; }

Draft vector_draft() {
  Draft draft;
  draft.kind = frame::MessageKind::request;
  draft.from = kSite;
  draft.to = "server";
  draft.topic = "submit";
  draft.id = counting<16>(0x20);
  draft.deadline_ms = 30000;
  draft.user_headers = {{"round", "7"}};
  draft.payload = base::copy_to_slice(base::as_bytes("hello"));
  return draft;
}

std::string data_frame(base::MessageSecurity level) {
  HeapBlocks memory;
  frame::Outbox out(memory);
  Lane lane = a_lane(End::client);
  lane.raise_level(level);
  protect_message(compose(vector_draft()), End::client, a_session(), lane, base::StreamId(1), out);
  return hex(Connection::take(out));
}

Json session_inputs() {
  const Session session = a_session();
  return Json::object({{"session_secret", hex(session.current.secret.expose())},
                       {"sid", hex(session.id)},
                       {"lane", 1},
                       {"lane_nonce", hex(kLaneNonce)},
                       {"client_nonce", hex(kClientNonce)},
                       {"client_name", std::string(kSite)},
                       {"token", hex(session.current.token)},
                       {"token_signature", hex(session.current.token_signature)}});
}

TEST(Vectors, Token) {
  const SignedToken made = signed_token();
  expect_vectors("token", Json::object({{"signer_ed25519_seed",
                                         "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"},
                                        {"signer_kid", hex(signer().public_key().key_id())},
                                        {"project", std::string(kProject)},
                                        {"server_name", std::string(kServer)},
                                        {"root_spki_sha256", hex(kRootSpkiHash)},
                                        {"audience", hex(audience_of(kProject, kServer, kRootSpkiHash))},
                                        {"sid", hex(a_token().sid)},
                                        {"issued_ms", int64_t{a_token().issued.time_since_epoch().count()}},
                                        {"expires_ms", int64_t{a_token().expires.time_since_epoch().count()}},
                                        {"certificate_sha256", hex(a_token().certificate_sha256)},
                                        {"name", std::string(kSite)},
                                        {"endpoint", std::string(kSite)},
                                        {"token", hex(made.token)},
                                        {"signature", hex(made.signature)}}));
}

TEST(Vectors, KeySchedule) {
  const Bytes token = signed_token().token;
  const base::Digest audience = audience_of(kProject, kServer, kRootSpkiHash);
  const base::Secret prk0(base::ByteView(counting<32>(0xA0))), shared(base::ByteView(counting<32>(0xE0)));
  const base::Secret first = sec_first(prk0, token);
  PreludeHash prelude;
  prelude.add(base::as_bytes("LANE_INVITE"));
  prelude.add(base::as_bytes("HELLO"));
  expect_vectors(
      "key_schedule",
      Json::object(
          {{"prelude_frames_ascii", "LANE_INVITEHELLO"},
           {"prelude_hash", hex(prelude.digest())},
           {"audience", hex(audience)},
           {"sid", hex(counting<16>(0x40))},
           {"exporter_label", std::string(kExporterLabel)},
           {"exporter_context", hex(exporter_context(audience, counting<16>(0x40), prelude.digest()))},
           {"prk0", hex(prk0.expose())},
           {"token", hex(token)},
           {"sec_0", hex(first.expose())},
           {"x25519_shared", hex(shared.expose())},
           {"renew_messages_sha256", hex(counting<32>(0x30))},
           {"new_token", hex(token)},
           {"sec_1", hex(sec_next(first, shared, base::Epoch(1), counting<32>(0x30), token).expose())}}));
}

TEST(Vectors, LaneKeys) {
  const base::Secret secret(base::ByteView(counting<32>(0xC0)));
  const auto keys = [&](Direction direction) {
    return hex(lane_keys(secret, direction, base::LaneId(1), kLaneNonce, kClientNonce).expose());
  };
  expect_vectors("lane_keys", Json::object({{"sec", hex(secret.expose())},
                                            {"lane", 1},
                                            {"lane_nonce", hex(kLaneNonce)},
                                            {"client_nonce", hex(kClientNonce)},
                                            {"client_to_server_key_iv", keys(Direction::client_to_server)},
                                            {"server_to_client_key_iv", keys(Direction::server_to_client)}}));
}

TEST(Vectors, FrameMac) {
  expect_vectors("frame_mac", session_inputs().set("frame", data_frame(base::MessageSecurity::mac)));
}

TEST(Vectors, FrameSealed) {
  expect_vectors("frame_sealed", session_inputs().set("frame", data_frame(base::MessageSecurity::seal)));
}

TEST(Vectors, LaneOpen) {
  HeapBlocks memory;
  frame::Outbox out(memory);
  const auto open = [&](End end, base::MessageSecurity level) {
    const LaneOpen content{kClientNonce, {15, base::to_bytes("binding")}, level};
    const base::Slice body = base::move_to_slice(encode(content));
    a_lane(end).protect(frame::FrameType::lane_open, 0, {}, {}, {}, {&body, 1}, out);
    return hex(Connection::take(out));
  };
  Json vectors = session_inputs();
  vectors.set("client_frame", open(End::client, base::MessageSecurity::automatic));
  vectors.set("server_frame", open(End::server, base::MessageSecurity::mac));
  expect_vectors("lane_open", vectors);
}

TEST(Vectors, Prelude) {
  LaneInvite invite;
  invite.lane_nonce = kLaneNonce;
  invite.boot_id = counting<8>(0x70);
  invite.max_block = frame::kMaxBlock;
  invite.max_body = frame::kMaxBody;
  Hello hello;
  hello.audience = audience_of(kProject, kServer, kRootSpkiHash);
  const Bytes first = plain_frame(frame::FrameType::lane_invite, End::server, encode(invite));
  const Bytes second = plain_frame(frame::FrameType::hello, End::client, encode(hello));
  PreludeHash prelude;
  prelude.add(first);
  prelude.add(second);
  expect_vectors("prelude", Json::object({{"lane_invite_frame", hex(first)},
                                          {"hello_frame", hex(second)},
                                          {"h0", hex(prelude.digest())}}));
}

LoginRequest a_login_request() {
  LoginRequest request;
  request.project = kProject;
  request.name = request.endpoint = kSite;
  request.instance = counting<16>(0x90);
  request.observed = {15, base::to_bytes("binding")};
  request.prelude = counting<32>(0x30);
  return request;
}

TEST(Vectors, LoginRequest) {
  const LoginRequest request = a_login_request();
  expect_vectors("login_request",
                 Json::object({{"message", hex(encode_inner(InnerKind::request, encode(request)))}}));
}

TEST(Vectors, Delegation) {
  crypto::Delegation delegation;
  delegation.issued = a_token().issued;
  delegation.expires = delegation.issued + 1h;
  delegation.audience = audience_of(kProject, kServer, kRootSpkiHash);
  delegation.endpoint = "site-1/sensor";
  delegation.spki = base::to_bytes("DER of the delegate's SubjectPublicKeyInfo");
  delegation.topics = {"metrics", "round/*"};
  const crypto::SignedDelegation made = must(crypto::sign_delegation(delegation, signer()));
  LoginRequest request = a_login_request();
  request.endpoint = delegation.endpoint;
  request.configured = base::ConnectionSecurity::tls;
  request.delegation = DelegationProof{made, {base::to_bytes("DER of the site's certificate")}};
  Bytes site_chain;
  base::append_counted(site_chain, request.delegation->site_chain.front());
  expect_vectors(
      "delegation",
      Json::object({{"site_ed25519_seed", "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"},
                    {"site_kid", hex(signer().public_key().key_id())},
                    {"issued_ms", int64_t{delegation.issued.time_since_epoch().count()}},
                    {"expires_ms", int64_t{delegation.expires.time_since_epoch().count()}},
                    {"audience", hex(delegation.audience)},
                    {"endpoint", delegation.endpoint},
                    {"delegate_spki", hex(delegation.spki)},
                    {"topics", Json::array().add("metrics").add("round/*")},
                    {"delegation", hex(made.delegation)},
                    {"signature", hex(made.signature)},
                    {"site_chain", hex(site_chain)},
                    {"login_request_message", hex(encode_inner(InnerKind::request, encode(request)))}}));
}

TEST(Vectors, Grant) {
  Grant grant;
  const SignedToken made = signed_token();
  grant.sid = counting<16>(0x40);
  grant.token = made.token;
  grant.token_signature = made.signature;
  grant.signer_der = base::to_bytes("DER of the signer's certificate");
  grant.lifetime = 3600s;
  grant.renew_after = 2700s;
  grant.heartbeat = 10s;
  grant.max_block = frame::kMaxBlock;
  grant.max_body = frame::kMaxBody;
  grant.server_time = a_token().issued;
  grant.boot_id = counting<8>(0x70);
  grant.prelude = counting<32>(0x30);
  grant.floor = base::MessageSecurity::mac;
  const LoginRefusal refusal{base::Refusal::endpoint_in_use, "0123abcd"};
  expect_vectors("grant",
                 Json::object({{"grant_message", hex(encode_inner(InnerKind::grant, encode(grant)))},
                               {"refusal_message", hex(encode_inner(InnerKind::refusal, encode(refusal)))}}));
}

/// X25519 keys that are the same every time; the kernel's own exist for one exchange.
struct FixedKey {
  explicit FixedKey(uint8_t first) : bytes(counting<32>(first)) {
    key.reset(EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, bytes.data(), bytes.size()));
    size_t size = public_bytes.size();
    EXPECT_EQ(EVP_PKEY_get_raw_public_key(key.get(), public_bytes.data(), &size), 1);
  }
  base::Secret agree(const FixedKey& peer) const {
    const crypto::OwnedPkeyContext context(EVP_PKEY_CTX_new(key.get(), nullptr));
    base::Secret shared(32);
    size_t size = shared.size();
    EXPECT_EQ(EVP_PKEY_derive_init(context.get()), 1);
    EXPECT_EQ(EVP_PKEY_derive_set_peer(context.get(), peer.key.get()), 1);
    EXPECT_EQ(EVP_PKEY_derive(context.get(), shared.expose_mutable().data(), &size), 1);
    return shared;
  }
  base::ByteArray<32> bytes;
  crypto::OwnedPkey key;
  crypto::X25519Public public_bytes{};
};

/// What `append` adds to a lane.
std::string on_lane(const std::function<void(frame::Outbox&)>& append) {
  HeapBlocks memory;
  frame::Outbox out(memory);
  append(out);
  return hex(Connection::take(out));
}

/// The token of a later hour, so that the old and the new one can be told apart.
SignedToken renewed_token() {
  Token token = a_token();
  token.issued += 45min;
  token.expires = token.issued + 1h;
  return must(sign_token(token, signer()));
}

TEST(Vectors, Renew) {
  const FixedKey client(0x01), server(0xC1);
  const SignedToken made = renewed_token();
  const Bytes signer_der = base::to_bytes("DER of the signer's certificate");
  const Bytes question = encode(RenewRequest{client.public_bytes, counting<16>(0xB0)});
  const Bytes answer =
      encode(RenewAnswer{server.public_bytes, made.token, made.signature, signer_der, 2700s});
  const base::Secret shared = client.agree(server);
  Credentials next;
  next.epoch = base::Epoch(1);
  next.secret = sec_next(a_session().current.secret, shared, next.epoch, crypto::sha256({question, answer}),
                         made.token);
  Lane lane = a_lane(End::client);
  Json vectors = session_inputs();
  vectors.set("client_private", hex(client.bytes))
      .set("client_public", hex(client.public_bytes))
      .set("server_private", hex(server.bytes))
      .set("server_public", hex(server.public_bytes))
      .set("x25519_shared", hex(shared.expose()))
      .set("new_token", hex(made.token))
      .set("new_token_signature", hex(made.signature))
      .set("signer_der", hex(signer_der))
      .set("question", hex(question))
      .set("answer", hex(answer))
      .set("next_secret", hex(next.secret.expose()))
      .set("question_frame", on_lane([&](frame::Outbox& out) {
             const base::Slice body = base::copy_to_slice(question);
             lane.protect(frame::FrameType::renew, 0, {}, {}, {}, {&body, 1}, out);
           }));
  lane.switch_outgoing(next);
  vectors.set("first_frame_of_epoch_1", on_lane([&](frame::Outbox& out) { append_ping(7, lane, out); }));
  expect_vectors("renew", vectors);
}

}  // namespace
}  // namespace fairlead::auth

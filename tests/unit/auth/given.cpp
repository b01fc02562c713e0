#include "given.hpp"

#include "crypto/digest.hpp"
#include "support/revocation_list.hpp"

namespace fairlead::auth {
namespace {

crypto::PrivateKey new_key() { return must(crypto::PrivateKey::generate(crypto::KeyType::p256)); }

crypto::Certificate new_root(const std::string& project, const crypto::PrivateKey& key) {
  base::SystemRandom random;
  crypto::CertificateProfile profile;
  profile.use = crypto::CertificateUse::root;
  profile.name = project;
  profile.uri = crypto::root_uri(project);
  profile.not_before = kNow - std::chrono::hours(24);
  profile.not_after = kNow + std::chrono::hours(24 * 3650);
  return must(crypto::issue_certificate(profile, key.public_key(), nullptr, key, random));
}

base::ParticipantType type_of(crypto::CertificateUse use) {
  switch (use) {
    case crypto::CertificateUse::server:
      return base::ParticipantType::server;
    case crypto::CertificateUse::service:
      return base::ParticipantType::service;
    case crypto::CertificateUse::admin:
      return base::ParticipantType::admin;
    default:
      return base::ParticipantType::client;
  }
}

using Admit = std::function<base::Checked<std::optional<Verified<Message>>>(const frame::FrameView&,
                                                                            const base::BlockRef&)>;

base::Checked<std::optional<Verified<Message>>> admit_all(base::Bytes frames, const Admit& admit) {
  const base::BlockRef owner = base::move_to_slice(std::move(frames)).owner;
  base::MutableByteView rest = owner.get()->bytes;
  base::Checked<std::optional<Verified<Message>>> outcome = std::nullopt;
  while (!rest.empty() && outcome) {
    const auto decoded = frame::decode(rest, {frame::kMaxBlock, frame::kMaxBody});
    if (!decoded) return tl::unexpected(decoded.error());
    if (!decoded->complete) return std::nullopt;
    outcome = admit(decoded->frame, owner);
    rest = rest.subspan(decoded->frame.header.frame_size());
  }
  return outcome;
}

}  // namespace

Authority::Authority(std::string_view project)
    : project_(project), key_(new_key()), root_(new_root(project_, key_)) {}

Credential Authority::issue(crypto::CertificateUse use, std::string name, std::string uri,
                            std::chrono::hours life) const {
  const bool token = use == crypto::CertificateUse::token_signer;
  crypto::CertificateProfile profile;
  profile.use = use;
  profile.uri = !uri.empty() ? std::move(uri)
                : token      ? crypto::token_signer_uri(project_, name)
                             : crypto::identity_uri(project_, type_of(use), name);
  profile.name = std::move(name);
  profile.org = "pies";
  if (use == crypto::CertificateUse::admin) profile.role = "lead";
  return sign(std::move(profile), life);
}

Credential Authority::issue_without_uri(std::string name, std::string role,
                                        crypto::CertificateUse use) const {
  crypto::CertificateProfile profile;
  profile.use = use;
  profile.name = std::move(name);
  profile.role = std::move(role);
  return sign(std::move(profile), std::chrono::hours(24 * 300));
}

Credential Authority::sign(crypto::CertificateProfile profile, std::chrono::hours life) const {
  base::SystemRandom random;
  profile.not_before = kNow - std::chrono::hours(1);
  profile.not_after = kNow + life;
  crypto::PrivateKey key = new_key();
  crypto::Certificate made = must(crypto::issue_certificate(profile, key.public_key(), &root_, key_, random));
  return {std::move(made), std::move(key)};
}

crypto::RevocationLists Authority::revoking(const std::vector<crypto::Certificate>& revoked,
                                            base::WallTime until) const {
  const base::Bytes der = support::revocation_list(
      root_, key_, {.this_update = kNow - std::chrono::hours(24), .next_update = until, .revoked = revoked});
  return must(crypto::RevocationLists::read(der, root_, {}, kNow));
}

ProjectIdentity Authority::identity() const {
  const crypto::PublicKey key = must(root_.public_key());
  return {project_, std::string(kServer), crypto::sha256({key.spki()})};
}

base::LinkFacts mtls_link(const Credential& peer) {
  base::LinkFacts facts;
  facts.confidential = facts.peer_verified = facts.self_proven = facts.trusted_plugin = true;
  facts.scheme = "tcp";
  facts.peer_certificate_der = peer.certificate.der();
  facts.channel_binding = base::to_bytes("the exporter value of one connection");
  return facts;
}

World::World(Authority authority_of_all)
    : authority(std::move(authority_of_all)),
      server(authority.issue(crypto::CertificateUse::server, std::string(kServer))),
      token(authority.issue(crypto::CertificateUse::token_signer, std::string(kServer))),
      site(authority.issue(crypto::CertificateUse::client, std::string(kSite))),
      server_anchor(authority.anchor()),
      client_anchor(authority.anchor()),
      server_identity(authority.identity()),
      client_identity(authority.identity()),
      server_facts(mtls_link(site)),
      client_facts(mtls_link(server)) {}

ServerLoginConfig World::server_config() {
  using Side = crypto::LoginTlsContext::Side;
  server_tls_.emplace(must(crypto::LoginTlsContext::make(Side::server, std::span(&server.certificate, 1),
                                                         server.key, server_anchor, clock)));
  return {
      .common = {*server_tls_, server_anchor, server_identity, clock, random, server_security, server_wish},
      .token_certificate = token.certificate,
      .token_key = token.key,
      .sessions = sessions,
      .revocation = table != nullptr ? *table : revocation,
      .boot_id = boot_id,
      .lifetime = lifetime};
}

ClientLoginConfig World::client_config() {
  using Side = crypto::LoginTlsContext::Side;
  const Credential& own = holder ? *holder : site;
  const auto kind = holder ? crypto::LoginKind::delegate : crypto::LoginKind::participant;
  client_tls_.emplace(must(crypto::LoginTlsContext::make(Side::client, std::span(&own.certificate, 1),
                                                         own.key, client_anchor, clock, kind)));
  return {
      .common = {*client_tls_, client_anchor, client_identity, clock, random, client_security, client_wish},
      .type = type,
      .name = name,
      .endpoint = endpoint,
      .instance = instance,
      .compact_headers = compact_headers,
      .certificate_sha256 = own.certificate.sha256(),
      .delegation = delegation};
}

Connection::Connection(World& world, ClientStart start)
    : to_server(world.memory),
      to_client(world.memory),
      server_config(world.server_config()),
      client_config(world.client_config()),
      server(server_config, world.server_facts),
      client(client_config, world.client_facts, start) {
  server.start(to_client);
}

base::Bytes Connection::take(frame::Outbox& outbox) {
  base::Bytes out;
  for (const base::ByteView slice : outbox.begin_send(SIZE_MAX)) base::append(out, slice);
  outbox.end_send();
  return out;
}

void each_frame(base::Bytes& bytes, const std::function<void(const frame::FrameView&)>& body) {
  base::MutableByteView rest = bytes;
  while (!rest.empty()) {
    const auto decoded = frame::decode(rest, {frame::kMaxBlock, frame::kMaxBody});
    if (!decoded || !decoded->complete) return;
    body(decoded->frame);
    rest = rest.subspan(decoded->frame.header.frame_size());
  }
}

namespace {

/// Lets the tap see each frame by itself.
base::Bytes tapped(base::Bytes frames, const OnTheWay& tap) {
  if (!tap) return frames;
  base::Bytes out;
  each_frame(frames, [&](const frame::FrameView& frame) {
    base::Bytes one(frame.header_bytes.data(), frame.header_bytes.data() + frame.header.frame_size());
    tap(one);
    base::append(out, one);
  });
  return out;
}

}  // namespace

void Connection::server_receives(base::Bytes frames) {
  each_frame(frames, [&](const frame::FrameView& frame) {
    if (server_step.refused) return;
    server_step = server.step(frame, to_client);
  });
}

bool Connection::deliver_to_server() {
  base::Bytes frames = tapped(take(to_server), to_server_tap);
  server_receives(frames);
  return !frames.empty();
}

bool Connection::deliver_to_client() {
  base::Bytes frames = tapped(take(to_client), to_client_tap);
  each_frame(frames, [&](const frame::FrameView& frame) {
    if (!client_step.refused) client_step = client.step(frame, to_server);
  });
  return !frames.empty();
}

void Connection::run() {
  while (deliver_to_client() || deliver_to_server()) {
  }
}

base::Bytes LoggedIn::client_sends(const Message& message) {
  frame::Outbox out(world->memory);
  protect_message(message, End::client, *client_session, *client_lane, base::StreamId(1), out);
  return Connection::take(out);
}

base::Bytes LoggedIn::server_sends(const Message& message) {
  frame::Outbox out(world->memory);
  protect_message(message, End::server, *server_session, *server_lane, base::StreamId(1), out);
  return Connection::take(out);
}

base::Checked<std::optional<Verified<Message>>> LoggedIn::server_takes(base::Bytes frames) {
  return admit_all(std::move(frames), [&](const frame::FrameView& frame, const base::BlockRef& owner) {
    return server_gate.admit(frame, owner, *server_lane, *server_session, world->clock.mono());
  });
}

base::Checked<std::optional<Verified<Message>>> LoggedIn::client_takes(base::Bytes frames) {
  return admit_all(std::move(frames), [&](const frame::FrameView& frame, const base::BlockRef& owner) {
    return client_gate.admit(frame, owner, *client_lane, *client_session, world->clock.mono());
  });
}

base::Checked<void> LoggedIn::server_takes_control(base::Bytes frame) {
  const auto decoded = frame::decode(frame, {frame::kMaxBlock, frame::kMaxBody});
  if (!decoded) return tl::unexpected(decoded.error());
  return server_gate.admit_control(decoded->frame, *server_lane, *server_session, world->clock.mono());
}

LoggedIn GivenLoggedInPair(const std::function<void(World&)>& change) {
  LoggedIn pair;
  pair.world = std::make_unique<World>();
  if (change) change(*pair.world);
  Connection connection(*pair.world);
  connection.run();
  EXPECT_TRUE(connection.server_step.established) << connection.server_step.detail;
  EXPECT_TRUE(connection.client_step.established) << connection.client_step.detail;
  pair.client_session = connection.client.take_session();
  pair.server_session = connection.server.session();
  pair.client_lane = connection.client.take_lane();
  pair.server_lane = connection.server.take_lane();
  return pair;
}

Draft a_draft(std::string_view payload) {
  Draft draft;
  draft.kind = frame::MessageKind::request;
  draft.from = kSite;
  draft.to = "server";
  draft.topic = "submit";
  draft.id = {1, 2, 3};
  draft.payload = base::copy_to_slice(base::as_bytes(payload));
  return draft;
}

Message a_message(std::string_view payload) { return compose(a_draft(payload)); }

}  // namespace fairlead::auth

#include "support/hostile_client.hpp"

#include "auth/session_revocation.hpp"
#include "crypto/digest.hpp"

namespace fairlead::support {
namespace {

std::string host_of(const std::string& address) {
  const std::string rest = address.substr(address.find("://") + 3);
  const std::string host = rest.substr(0, rest.rfind(':'));
  return host.starts_with('[') ? host.substr(1, host.size() - 2) : host;
}

base::ConnectionSecurity security_of(const kit::Kit& kit) {
  const kit::KitSettings& settings = kit.settings();
  return settings.connect_to ? settings.connect_to->connection_security : settings.connection_security;
}

auth::ProjectIdentity identity_of(const kit::Kit& kit) {
  auth::ProjectIdentity identity{kit.settings().project, kit.settings().server_name, {}};
  if (const auto key = kit.root().public_key()) identity.root_spki_sha256 = crypto::sha256({key->spki()});
  return identity;
}

base::Bytes flatten(frame::Outbox& outbox) {
  base::Bytes all;
  for (const base::ByteView part : outbox.begin_send(SIZE_MAX)) base::append(all, part);
  outbox.end_send();
  return all;
}

}  // namespace

HostileClient::HostileClient(const kit::Kit& link_kit, const kit::Kit& login_kit, Options options)
    : link_kit_(link_kit),
      login_kit_(login_kit),
      options_(std::move(options)),
      log_(base::make_stderr_log(base::LogLevel::error, base::LogFormat::text)),
      loop_(loop::make_loop(clock_)),
      pool_(1u << 20),
      flusher_(*loop_),
      anchor_(login_kit.trust_anchor()),
      pipe_(*this, flusher_, pool_) {}

HostileClient::~HostileClient() = default;

bool HostileClient::run_until(std::function<bool()> condition) {
  if (condition()) return true;
  const auto timer = loop_->after(options_.patience, [this] { loop_->stop(); });
  condition_ = std::move(condition);
  loop_->run();
  return std::exchange(condition_, nullptr)();
}

void HostileClient::something_happened() {
  if (condition_ && condition_()) loop_->stop();
}

bool HostileClient::connect() {
  plugin::LinkCredentials credentials;
  credentials.legacy = link_kit_.trust_anchor().legacy;
  credentials.security = security_of(link_kit_);
  const bool custom = credentials.security == base::ConnectionSecurity::tls && link_kit_.custom_ca_pem();
  credentials.ca_pem = custom ? *link_kit_.custom_ca_pem() : link_kit_.root_pem();
  credentials.chain_pem = link_kit_.chain_pem();
  credentials.server_name = options_.server_host.empty() ? host_of(options_.address) : options_.server_host;
  credentials.alpn = "fairlead/1";
  credentials.key_pem = &link_kit_.key_pem();
  if (const kit::OwnCurve* own = link_kit_.curve(); own != nullptr && !own->secret.empty()) {
    credentials.curve_key = &own->secret;
    credentials.curve_public = base::to_bytes(own->public_key);
  }
  if (const crypto::X25519Public* server = link_kit_.server_curve(); server != nullptr)
    credentials.server_curve = base::to_bytes(*server);
  if (!credentials.server_curve.empty())
    credentials.peer_keys = {{link_kit_.settings().server_name, credentials.server_curve}};
  const std::string scheme = options_.address.substr(0, options_.address.find("://"));
  const auto transport = registry_.need(scheme, link_kit_.settings().plugins, *log_);
  if (!transport) return false;
  plugin::OptionTexts options = options_.transport_options;
  if (const auto own = link_kit_.settings().transports.find(scheme);
      own != link_kit_.settings().transports.end())
    options.insert(options.end(), own->second.begin(), own->second.end());
  auto instance = (*transport)->create(credentials, options);
  if (!instance) return false;
  instance_ = std::move(*instance);
  auto connection = instance_->connect(*loop_, options_.address.substr(scheme.size() + 3), pipe_);
  if (!connection) return false;
  pipe_.attach(std::move(*connection));
  run_until([&] { return opened_ || verdict_.closed; });
  return opened_;
}

bool HostileClient::log_in() {
  if (!prepare_login() || !connect()) return false;
  run_until([&] { return lane_ != nullptr || verdict_.closed; });
  return lane_ != nullptr;
}

bool HostileClient::begin_login() {
  stops_half_way_ = true;
  if (!prepare_login() || !connect()) return false;
  run_until([&] { return answered_ || verdict_.closed; });
  return answered_;
}

/// The outbox cannot be looked at without taking what is in it.
void HostileClient::note_login_bytes() {
  const base::Bytes fresh = flatten(pipe_.outbox());
  pipe_.outbox().append(fresh);
  base::append(login_bytes_, fresh);
}

bool HostileClient::prepare_login() {
  using Side = crypto::LoginTlsContext::Side;
  const kit::Kit::Delegated* delegated = login_kit_.delegation();
  auto tls = crypto::LoginTlsContext::make(
      Side::client, login_kit_.chain(), login_kit_.key(), anchor_, clock_,
      delegated != nullptr ? crypto::LoginKind::delegate : crypto::LoginKind::participant);
  if (!tls) return false;
  tls_.emplace(std::move(*tls));
  const std::string& name =
      options_.claimed_name.empty() ? login_kit_.settings().name : options_.claimed_name;
  auth::ProjectIdentity identity = identity_of(login_kit_);
  if (!options_.claimed_project.empty()) identity.project = options_.claimed_project;
  login_config_.emplace(
      auth::ClientLoginConfig{.common = {*tls_, anchor_, identity, clock_, random_, security_of(link_kit_),
                                         base::MessageSecurity::automatic},
                              .type = options_.claimed_type,
                              .name = name,
                              .endpoint = options_.app.empty() ? name : name + "/" + options_.app,
                              .instance = random_.bytes<16>()});
  if (delegated != nullptr) {
    login_config_->delegation = auth::DelegationProof{delegated->made, auth::der_path(delegated->site_chain)};
    login_config_->certificate_sha256 = login_kit_.leaf().sha256();
  }
  wants_login_ = true;
  return true;
}

void HostileClient::pipe_opened() {
  opened_ = true;
  if (wants_login_) login_.emplace(*login_config_, pipe_.facts());
  something_happened();
}

bool HostileClient::pipe_frame(const frame::FrameView& frame, const base::BlockRef&) {
  const bool more = lane_ ? handle(frame) : !login_ || login_frame(frame);
  something_happened();
  return more;
}

bool HostileClient::login_frame(const frame::FrameView& frame) {
  if (stops_half_way_ && !login_bytes_.empty()) {
    answered_ = answered_ || frame.header.type == frame::FrameType::login;
    return true;
  }
  const auth::LoginStep step = login_->step(frame, pipe_.outbox());
  note_login_bytes();
  pipe_.flush_soon();
  if (step.refused) {
    verdict_.told = step.refused;
    pipe_.close_after_flush();
    return false;
  }
  if (step.established) {
    session_ = login_->take_session();
    session_->current.encoded.clear();  // encoded for each message, so that a changed token is really sent
    lane_ = login_->take_lane();
    pipe_.set_limits({.max_block = frame::kMaxBlock, .max_body = frame::kMaxBody});
  }
  return true;
}

bool HostileClient::handle(const frame::FrameView& frame) {
  if (!lane_->open(frame, *session_)) return false;
  if (frame.header.type == frame::FrameType::pong) ponged_ = true;
  if (frame.header.type == frame::FrameType::data && frame.header.has(frame::kFirst))
    if (const auto headers = frame::decode_message_headers(frame.block)) received_ = headers->id;
  if (frame.header.type == frame::FrameType::error)
    if (const auto error = auth::decode_error(frame.body)) verdict_.told = error->code;
  return true;
}

void HostileClient::pipe_broken(base::Refusal) {
  verdict_.closed = true;
  something_happened();
}

void HostileClient::pipe_closed(plugin::CloseReason, const std::string&) {
  verdict_.closed = true;
  something_happened();
}

auth::Draft HostileClient::honest_draft(const std::string& to, const std::string& topic) {
  auth::Draft draft;
  draft.from = session_->endpoint.text();
  draft.to = to;
  draft.topic = topic;
  base::copy(random_.bytes<8>(), draft.id);
  base::store_be(base::MutableByteView(draft.id).subspan(8), ++messages_);
  draft.payload = base::copy_to_slice(base::as_bytes("a payload that nobody may see"));
  return draft;
}

base::Bytes HostileClient::next_message(auth::Draft draft) {
  frame::Outbox scratch(pool_);
  auth::protect_message(auth::compose(std::move(draft)), auth::End::client, *session_, *lane_,
                        base::StreamId{1}, scratch);
  return flatten(scratch);
}

base::Bytes HostileClient::next_frame(frame::FrameType type, uint8_t flags, base::ByteView block,
                                      base::ByteView body, base::StreamId stream) {
  frame::Outbox scratch(pool_);
  const base::Slice content = base::copy_to_slice(body);
  lane_->protect(type, flags, stream, block, {}, std::span(&content, 1), scratch);
  return flatten(scratch);
}

void HostileClient::send(base::ByteView raw) {
  pipe_.outbox().append(raw);
  pipe_.flush_soon();
}

void HostileClient::ping() {
  auth::append_ping(1, *lane_, pipe_.outbox());
  pipe_.flush_soon();
}

const Verdict& HostileClient::wait_for_verdict() {
  run_until([&] { return verdict_.told.has_value() || verdict_.closed; });
  return verdict_;
}

std::optional<frame::MessageId> HostileClient::wait_for_message() {
  received_.reset();
  run_until([&] { return received_.has_value() || verdict_.closed; });
  return received_;
}

bool HostileClient::wait_for_close() {
  run_until([&] { return verdict_.closed; });
  return verdict_.closed;
}

bool HostileClient::is_still_served() {
  ponged_ = false;
  ping();
  run_until([&] { return ponged_ || verdict_.closed; });
  return ponged_;
}

}  // namespace fairlead::support

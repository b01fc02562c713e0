#include "node/client_node.hpp"

#include "node/transports.hpp"

namespace fairlead::node {
namespace {

constexpr size_t kPoolKeeps = 16u << 20;
constexpr size_t kMaxWaitingBytes = 64u << 20;  // of messages while there is no connection
constexpr std::chrono::seconds kOneShotLimit{10};
constexpr std::chrono::seconds kSkewToMention{30};

base::Error too_much_waiting() {
  return {base::ErrorCode::refused,
          "too much waits for a connection: 64 MiB",
          "try again once connected",
          {},
          "busy"};
}

}  // namespace

base::Result<std::unique_ptr<Client>> Client::make(const Settings& settings, Persistence persistence,
                                                   loop::Loop& loop, base::Log& log) {
  FAIRLEAD_TRY(std::unique_ptr<ClientNode> node, ClientNode::make(settings, persistence, loop, log));
  return std::unique_ptr<Client>(std::move(node));
}

base::Result<std::unique_ptr<ClientNode>> ClientNode::make(const Settings& settings, Persistence persistence,
                                                           loop::Loop& loop, base::Log& log) {
  FAIRLEAD_TRY(Configured configured, configure(settings, log));
  if (configured.participant.type == base::ParticipantType::server)
    return base::fail(base::ErrorCode::bad_arguments, settings.kit.string() + " is a server's kit",
                      "use `fairlead server`, or the kit of a client");
  FAIRLEAD_TRY(const std::string endpoint, client_endpoint(configured.kit, settings.app));
  announce(configured, log);
  auto node =
      std::make_unique<ClientNode>(Passkey(), std::move(configured), persistence, loop, log, endpoint);
  FAIRLEAD_TRY(node->prepare());
  return node;
}

ClientNode::ClientNode(Passkey, Configured configured, Persistence persistence, loop::Loop& loop,
                       base::Log& log, std::string endpoint)
    : configured_(std::move(configured)),
      persistence_(persistence),
      loop_(loop),
      log_(log),
      endpoint_(std::move(endpoint)),
      anchor_(configured_.kit.trust_anchor()),
      pool_(kPoolKeeps),
      flusher_(loop),
      context_{loop, flusher_, pool_, log, configured_.timeouts},
      backoff_(random_),
      dispatcher_(loop, random_, *this),
      session_(loop.clock(), random_, configured_.participant.timeouts.session_lifetime.value),
      alive_(std::make_shared<bool>(true)) {}

ClientNode::~ClientNode() { *alive_ = false; }

base::Status ClientNode::prepare() {
  registry_.watch_with(make_watchdog(configured_.participant.timeouts.plugin_call.value, log_));
  FAIRLEAD_TRY(revocations_, RevocationWatch::make(configured_.kit, ListsAre::optional, loop_, log_));
  anchor_ = revocations_->anchor(configured_.kit);
  FAIRLEAD_TRY(crypto::LoginTlsContext tls, login_tls(configured_, anchor_, loop_.clock()));
  tls_.emplace(std::move(tls));
  login_.emplace(login_config(configured_));
  const std::string& scheme = configured_.participant.connect_to.value.scheme;
  FAIRLEAD_TRY(plugin::Transport * transport, transport_for(scheme, configured_, registry_, log_));
  FAIRLEAD_TRY(instance_, transport->create(dial_credentials(configured_),
                                            transport_options(configured_.participant, scheme)));
  FAIRLEAD_TRY(auto proxy, proxy_of(configured_.kit, configured_.participant));
  use_proxy(std::move(proxy));
  return {};
}

void ClientNode::use_proxy(std::shared_ptr<const loop::Proxy> proxy) {
  context_.way = proxy == nullptr ? "" : " through the proxy " + proxy->url();
  instance_->dial_through(std::move(proxy));
}

base::ConnectionSecurity ClientNode::link_security() const noexcept {
  const kit::KitSettings& stored = configured_.kit.settings();
  return stored.connect_to ? stored.connect_to->connection_security : stored.connection_security;
}

plugin::LinkCredentials ClientNode::dial_credentials(const Configured& from) const {
  const base::ConnectionSecurity security = link_security();
  plugin::LinkCredentials credentials = from.link_credentials(security, anchor_.revoked);
  credentials.server_name = from.participant.connect_to.value.host;
  if (security == base::ConnectionSecurity::tls && from.custom_ca_pem) {
    credentials.ca_pem = *from.custom_ca_pem;
    credentials.crl_pem.clear();  // ours are of the project's authorities
  }
  return credentials;
}

auth::ClientLoginConfig ClientNode::login_config(const Configured& from) {
  return {.common = {*tls_, anchor_, from.project_identity(), loop_.clock(), random_, link_security(),
                     from.message_security_floor()},
          .type = from.participant.type,
          .name = from.participant.name,
          .endpoint = endpoint_,
          .instance = instance_id_,
          .compact_headers = from.participant.compact_headers.value,
          .certificate_sha256 = from.kit.leaf().sha256(),
          .delegation = delegation_proof(from.kit)};
}

void ClientNode::on_loop(std::function<void()> task) {
  if (loop_.is_home()) return task();
  loop_.post([alive = alive_, task = std::move(task)] {
    if (*alive) task();
  });
}

void ClientNode::on(std::string topic, Handler handler) {
  on_loop([this, topic = std::move(topic), handler = std::move(handler)] { dispatcher_.on(topic, handler); });
}

void ClientNode::start(ClientEvents events) {
  loop_.post([this, alive = alive_, events = std::move(events)]() mutable {
    if (!*alive) return;
    events_ = std::move(events);
    revocations_->start([this] { revocations_changed(); });
    if (persistence_ == Persistence::once)
      limit_ = loop_.after(kOneShotLimit, [this] {
        end({base::ErrorCode::cannot_connect,
             "cannot connect to " + config::text(configured_.participant.connect_to.value) + context_.way +
                 " within 10 s",
             "check the address, the firewall and that the server runs",
             {},
             "timed_out"});
      });
    connect();
  });
}

std::unique_ptr<link::ClientLink> ClientNode::dial(auth::ClientStart start, base::Error* error) {
  const config::Address& target = configured_.participant.connect_to.value;
  auto link = std::make_unique<link::ClientLink>(context_, *login_, start, config::text(target), *this);
  const std::string address = config::text(target).substr(target.scheme.size() + 3);
  auto connection = instance_->connect(loop_, address, link->pipe());
  if (!connection) {
    *error = std::move(connection).error();
    return nullptr;
  }
  link->pipe().attach(std::move(*connection));
  return link;
}

void ClientNode::connect() {
  retry_.reset();
  base::Error error;
  link_ = dial(session_.start(), &error);
  if (!link_) connection_failed(error, error.code == base::ErrorCode::bad_configuration);
}

void ClientNode::connection_failed(const base::Error& error, bool final) {
  backoff_.lost(loop_.clock().mono());
  give_up_waiting(error);
  if (ended_) return;
  if (drained_) return finish_drain();
  if (persistence_ == Persistence::once || final) return end(error);
  const auto wait = backoff_.next();
  log_.warn("client.disconnected",
            {{"error", error.line()}, {"retry_ms", static_cast<uint64_t>(wait.count())}});
  if (events_.lost) events_.lost(error);
  retry_ = loop_.after(wait, [this] { connect(); });
}

void ClientNode::give_up_waiting(const base::Error& error) {
  // What was sent and not answered is lost with the connection; what waits for one is kept while we try
  // again.
  if (was_ready_ || persistence_ == Persistence::once) dispatcher_.fail_all(error);
  for (Unconfirmed& one : std::exchange(unconfirmed_, {})) one.done(tl::unexpected(error));
}

void ClientNode::end(const base::Error& error) {
  if (std::exchange(ended_, true)) return;
  retry_.reset();
  dispatcher_.fail_all(error);
  for (Unconfirmed& one : std::exchange(unconfirmed_, {})) one.done(tl::unexpected(error));
  for (auto* link : {link_.get(), next_.get(), retiring_.link.get()})
    if (link != nullptr) link->abort();
  if (events_.ended) events_.ended(error);
}

auth::Draft ClientNode::draft_of(Outgoing message, frame::MessageKind kind) {
  auth::Draft draft;
  draft.kind = kind;
  draft.from = endpoint_;
  draft.to = std::move(message.to);
  draft.topic = std::move(message.topic);
  draft.id = dispatcher_.next_id();
  draft.content_sha256 = message.content_sha256;
  draft.user_headers = std::move(message.headers);
  draft.payload = std::move(message.payload);
  return draft;
}

void ClientNode::transmit(auth::Message message) {
  if (link_ && link_->is_established() && !is_handing_over()) return link_->conversation().send(message);
  waiting_bytes_ += message.payload_size();
  waiting_.push_back(std::move(message));
}

void ClientNode::send(Outgoing message, Done done) {
  on_loop([this, message = std::move(message), done = std::move(done)]() mutable {
    send_now(std::move(message), done);
  });
}

void ClientNode::send_now(Outgoing message, const Done& done) {
  if (waiting_bytes_ > kMaxWaitingBytes) return done ? done(tl::unexpected(too_much_waiting())) : void();
  auth::Draft draft = draft_of(std::move(message), frame::MessageKind::oneway);
  if (done) unconfirmed_.push_back({draft.id, ++pings_, draft.to, done});
  transmit(auth::compose(std::move(draft)));
  if (done && link_ && link_->is_established() && !is_handing_over()) link_->conversation().ping(pings_);
}

void ClientNode::request(Outgoing message, std::chrono::milliseconds deadline, ReplyDone done) {
  on_loop([this, message = std::move(message), deadline, done = std::move(done)]() mutable {
    request_now(std::move(message), deadline, std::move(done));
  });
}

void ClientNode::request_now(Outgoing message, std::chrono::milliseconds deadline, ReplyDone done) {
  if (waiting_bytes_ > kMaxWaitingBytes) return done(tl::unexpected(too_much_waiting()));
  auth::Draft draft = draft_of(std::move(message), frame::MessageKind::request);
  draft.deadline_ms = static_cast<uint64_t>(deadline.count());
  dispatcher_.expect(draft.id, deadline, std::move(done));
  transmit(auth::compose(std::move(draft)));
}

void ClientNode::send_reply(auth::Draft reply) {
  reply.from = endpoint_;
  if (link_ && link_->is_established()) transmit(auth::compose(std::move(reply)));
}

void ClientNode::link_established(link::ClientLink& link) {
  if (&link == next_.get()) return take_over(link);
  if (auto fresh = link.take_session()) {
    note_session(*fresh);
    session_.adopt(std::move(fresh));
  }
  was_ready_ = true;
  limit_.reset();
  backoff_.connected(loop_.clock().mono());
  log_.info("client.ready", {{"endpoint", endpoint_},
                             {"address", link.address()},
                             {"message_security", base::name(link.conversation().level())}});
  send_waiting(link);
  plan_renewal();
  if (events_.ready)
    events_.ready({link.address(), link.facts(), link.conversation().level(),
                   link.conversation().session().clock_skew});
}

void ClientNode::note_session(const auth::Session& session) {
  const auto skew = std::chrono::duration_cast<std::chrono::seconds>(session.clock_skew);
  if (std::chrono::abs(skew) < kSkewToMention) return;
  log_.warn("client.clock_skew", {{"seconds", std::to_string(skew.count())},
                                  {"text",
                                   "the server's clock and this one differ; set them by NTP before "
                                   "certificates seem expired or not yet valid"}});
}

void ClientNode::send_waiting(link::ClientLink& link) {
  waiting_bytes_ = 0;
  for (const auth::Message& message : std::exchange(waiting_, {})) link.conversation().send(message);
  if (!unconfirmed_.empty()) link.conversation().ping(pings_);
}

void ClientNode::link_message(link::ClientLink&, const Received& message) {
  if (dispatcher_.dispatch(message)) return;
  if (message->headers.kind == frame::MessageKind::request)
    transmit(
        auth::compose({.kind = frame::MessageKind::reply,
                       .from = endpoint_,
                       .to = std::string(message->headers.from),
                       .topic = std::string(message->headers.topic),
                       .id = dispatcher_.next_id(),
                       .correlation = message->headers.id,
                       .deadline_ms = {},
                       .content_sha256 = {},
                       .lowest_unanswered = {},
                       .user_headers = {{std::string(kErrorHeader),
                                         "nothing handles topic " + std::string(message->headers.topic)}},
                       .payload = {}}));
}

void ClientNode::link_message_refused(link::ClientLink&, const auth::RemoteError& error) {
  if (dispatcher_.fail(*error.about, refusal_error(error.code, error.text, {}))) return;
  for (auto at = unconfirmed_.begin(); at != unconfirmed_.end(); ++at) {
    if (at->id != *error.about) continue;
    const Unconfirmed refused = std::move(*at);
    unconfirmed_.erase(at);
    return refused.done(tl::unexpected(refusal_error(error.code, error.text, refused.to)));
  }
  log_.warn("client.message_refused", {{"code", base::name(error.code)}, {"text", error.text}});
}

void ClientNode::link_pong(link::ClientLink&, uint64_t number) {
  while (!unconfirmed_.empty() && unconfirmed_.front().ping <= number) {
    const Unconfirmed one = std::move(unconfirmed_.front());
    unconfirmed_.pop_front();
    one.done({});
  }
  if (barrier_ && number >= *barrier_) barrier_passed();
  if (drained_ && !has_work()) finish_drain();
}

void ClientNode::link_closed(link::ClientLink& link, const base::Error& error) {
  if (&link == next_.get()) return forget_next(error);
  if (&link == retiring_.link.get()) return forget_retiring();
  if (link.failed_to_resume()) session_.doubt();
  if (&link == retiring_.waiting) retiring_.waiting = nullptr;
  if (opening_) return drop_replaced();
  // Without the old connection there is nothing to hand over: the usual way is quicker.
  if (next_) next_->abort();
  const bool final = link.was_refused() && !was_ready_;
  loop_.at_turn_end([this, alive = alive_, error, final] {
    if (!*alive) return;
    link_.reset();
    connection_failed(error, final);
  });
}

bool ClientNode::has_work() const {
  return dispatcher_.waiting() > 0 || !unconfirmed_.empty() || !waiting_.empty();
}

void ClientNode::drain(std::chrono::milliseconds limit, std::function<void()> done) {
  on_loop([this, limit, done = std::move(done)]() mutable {
    drained_ = std::move(done);
    drain_timer_ = loop_.after(limit, [this] { finish_drain(); });
    if (!link_ || !link_->is_established() || !has_work())
      finish_drain();
    else
      link_->conversation().ping(++pings_);
  });
}

void ClientNode::finish_drain() {
  if (!drained_) return;
  if (next_) next_->abort();
  if (link_ && link_->is_established()) return link_->close();  // link_closed() comes back here
  ended_ = true;
  retry_.reset();
  drain_timer_.reset();
  std::exchange(drained_, nullptr)();
}

}  // namespace fairlead::node

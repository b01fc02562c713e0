#include "node/client_node.hpp"

namespace fairlead::node {
namespace {

constexpr size_t kPoolKeeps = 16u << 20;
constexpr size_t kMaxWaitingBytes = 64u << 20;  // of messages while there is no connection
constexpr std::chrono::seconds kOneShotLimit{10};

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
  const std::string name = configured.participant.name;
  const std::string endpoint = settings.app.empty() ? name : name + "/" + settings.app;
  FAIRLEAD_TRY(base::Endpoint::parse(endpoint));
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
      alive_(std::make_shared<bool>(true)) {}

ClientNode::~ClientNode() { *alive_ = false; }

base::Status ClientNode::prepare() {
  const config::ResolvedParticipant& self = configured_.participant;
  const kit::KitSettings& stored = configured_.kit.settings();
  const auto security =
      stored.connect_to ? stored.connect_to->connection_security : stored.connection_security;
  FAIRLEAD_TRY(crypto::LoginTlsContext tls, login_tls(configured_, anchor_, loop_.clock()));
  tls_.emplace(std::move(tls));
  login_.emplace(
      auth::ClientLoginConfig{.common = {*tls_, anchor_, configured_.project_identity(), loop_.clock(),
                                         random_, security, configured_.message_security_floor()},
                              .type = self.type,
                              .name = self.name,
                              .endpoint = endpoint_,
                              .instance = random_.bytes<16>(),
                              .certificate_sha256 = configured_.kit.leaf().sha256()});
  const std::string& scheme = self.connect_to.value.scheme;
  FAIRLEAD_TRY(plugin::Transport * transport, registry_.need(scheme, configured_.allowed_plugins(), log_));
  const bool custom = security == base::ConnectionSecurity::tls && configured_.kit.custom_ca_pem();
  plugin::LinkCredentials credentials;
  credentials.security = security;
  credentials.ca_pem = custom ? *configured_.kit.custom_ca_pem() : configured_.kit.root_pem();
  credentials.chain_pem = configured_.kit.chain_pem();
  credentials.server_name = self.connect_to.value.host;
  credentials.alpn = "fairlead/1";
  credentials.key_pem = &configured_.kit.key_pem();
  FAIRLEAD_TRY(instance_, transport->create(credentials, configured_.transport_options(scheme)));
  return {};
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
    if (persistence_ == Persistence::once)
      limit_ = loop_.after(kOneShotLimit, [this] {
        end({base::ErrorCode::cannot_connect,
             "cannot connect to " + config::text(configured_.participant.connect_to.value) + " within 10 s",
             "check the address, the firewall and that the server runs",
             {},
             "timed_out"});
      });
    connect();
  });
}

void ClientNode::connect() {
  retry_.reset();
  const config::Address& target = configured_.participant.connect_to.value;
  link_ = std::make_unique<link::ClientLink>(context_, *login_, config::text(target), *this);
  const std::string address = config::text(target).substr(target.scheme.size() + 3);
  auto connection = instance_->connect(loop_, address, link_->pipe());
  if (connection) return link_->pipe().attach(std::move(*connection));
  link_.reset();
  connection_failed(connection.error(), connection.error().code == base::ErrorCode::bad_configuration);
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
  if (link_) link_->abort();
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
  if (link_ && link_->is_established()) return link_->conversation().send(message);
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
  if (done && link_ && link_->is_established()) link_->conversation().ping(pings_);
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
  if (link_ && link_->is_established()) link_->conversation().send(auth::compose(std::move(reply)));
}

void ClientNode::link_established(link::ClientLink& link) {
  was_ready_ = true;
  limit_.reset();
  backoff_.connected(loop_.clock().mono());
  log_.info("client.ready", {{"endpoint", endpoint_},
                             {"address", link.address()},
                             {"message_security", base::name(link.conversation().level())}});
  waiting_bytes_ = 0;
  for (const auth::Message& message : std::exchange(waiting_, {})) link.conversation().send(message);
  if (!unconfirmed_.empty()) link.conversation().ping(pings_);
  if (events_.ready) events_.ready({link.address(), link.facts(), link.conversation().level()});
}

void ClientNode::link_message(link::ClientLink& link, const Received& message) {
  if (dispatcher_.dispatch(message)) return;
  if (message->headers.kind == frame::MessageKind::request)
    link.conversation().send(
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
  if (drained_ && !has_work()) finish_drain();
}

void ClientNode::link_closed(link::ClientLink& link, const base::Error& error) {
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
  if (link_ && link_->is_established()) return link_->close();  // link_closed() comes back here
  ended_ = true;
  retry_.reset();
  drain_timer_.reset();
  std::exchange(drained_, nullptr)();
}

}  // namespace fairlead::node

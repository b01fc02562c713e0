#include "node/server_node.hpp"

#include <algorithm>

#include "node/transports.hpp"

namespace fairlead::node {
namespace {

constexpr size_t kPoolKeeps = 64u << 20;
constexpr size_t kMaxSessions = 10'000;
constexpr size_t kMaxConnections = 20'000;
constexpr std::chrono::seconds kSessionIdle{120}, kSweepEvery{1};

}  // namespace

std::vector<route::Rule> policy_rules(const kit::KitSettings& settings) {
  std::vector<route::Rule> rules;
  for (const kit::PolicyRule& rule : settings.policy) rules.push_back({rule.from, rule.to, rule.topics});
  return rules;
}

base::Result<std::unique_ptr<Server>> Server::make(const Settings& settings, loop::Loop& loop,
                                                   base::Log& log) {
  FAIRLEAD_TRY(std::unique_ptr<ServerNode> node, ServerNode::make(settings, loop, log));
  return std::unique_ptr<Server>(std::move(node));
}

base::Result<std::unique_ptr<ServerNode>> ServerNode::make(const Settings& settings, loop::Loop& loop,
                                                           base::Log& log) {
  FAIRLEAD_TRY(Configured configured, configure(settings, log));
  if (configured.participant.type != base::ParticipantType::server)
    return base::fail(base::ErrorCode::bad_arguments, settings.kit.string() + " is not a server's kit",
                      "use `fairlead client`, or the kit of the server");
  if (configured.kit.token_key() == nullptr)
    return base::fail(base::ErrorCode::bad_configuration, "the kit has no key that signs tokens",
                      "provision the project again");
  announce(configured, log);
  auto node = std::make_unique<ServerNode>(Passkey(), std::move(configured), loop, log);
  FAIRLEAD_TRY(node->prepare());
  return node;
}

ServerNode::ServerNode(Passkey, Configured configured, loop::Loop& loop, base::Log& log)
    : configured_(std::move(configured)),
      loop_(loop),
      log_(log),
      endpoint_(base::kServerAddress),
      anchor_(configured_.kit.trust_anchor()),
      boot_id_(random_.bytes<8>()),
      pool_(kPoolKeeps),
      flusher_(loop),
      context_{loop, flusher_, pool_, log, configured_.timeouts},
      strangers_(loop, random_, link::stranger_limits()),
      memory_(loop, pool_, configured_.memory_cap(), [this] { shed(); }),
      sessions_(kMaxSessions),
      renewals_(loop.clock(), random_, log),
      router_(configured_.kit.settings().server_name, route::Policy(policy_rules(configured_.kit.settings())),
              sessions_),
      dispatcher_(loop, random_, *this),
      alive_(std::make_shared<bool>(true)) {}

ServerNode::~ServerNode() {
  *alive_ = false;
  links_.clear();
}

base::Status ServerNode::prepare() {
  registry_.watch_with(make_watchdog(configured_.participant.timeouts.plugin_call.value, log_));
  FAIRLEAD_TRY(open_admin());
  FAIRLEAD_TRY(revocations_, RevocationWatch::make(configured_.kit, ListsAre::expected, loop_, log_));
  configured_.look_at_peers(loop_.clock().wall(), log_);
  anchor_ = revocations_->anchor(configured_.kit);
  FAIRLEAD_TRY(crypto::LoginTlsContext tls, login_tls(configured_, anchor_, loop_.clock()));
  tls_.emplace(std::move(tls));
  FAIRLEAD_TRY(std::unique_ptr<auth::Session> session, own_session(configured_, *tls_));
  own_.emplace(std::move(session), random_, pool_, context_.gate);
  dispatcher_.on(std::string(kStatusTopic), [this](const Received& message,
                                                   const std::shared_ptr<Responder>& responder) {
    const std::string_view from = message->headers.from;
    if (responder)
      responder->reply(base::copy_to_slice(base::as_bytes(status_of(from.substr(0, from.find('/'))).dump())),
                       {});
  });
  for (const config::Listener& listener : configured_.participant.listeners)
    FAIRLEAD_TRY(prepare_door(listener));
  return {};
}

auth::ServerLoginConfig ServerNode::login_config(base::ConnectionSecurity security, const Configured& from,
                                                 const crypto::LoginTlsContext& tls,
                                                 const crypto::TrustAnchor& anchor) {
  const auto seconds = [](base::Milliseconds time) { return std::chrono::floor<std::chrono::seconds>(time); };
  return {.common = {tls, anchor, from.project_identity(), loop_.clock(), random_, security,
                     from.message_security_floor()},
          .token_certificate = *from.kit.token_certificate(),
          .token_key = *from.kit.token_key(),
          .sessions = sessions_,
          .revocation = admin_->revocation(),
          .boot_id = boot_id_,
          .lifetime = seconds(from.participant.timeouts.token_lifetime.value),
          .longest_session = seconds(from.participant.timeouts.session_lifetime.value)};
}

base::Status ServerNode::prepare_door(const config::Listener& listener) {
  FAIRLEAD_TRY(plugin::Transport * transport, transport_for(listener.scheme, configured_, registry_, log_));
  const base::ConnectionSecurity security = listener.connection_security;
  auto door = std::make_unique<Door>(*this, listener, login_config(security, configured_, *tls_, anchor_));
  FAIRLEAD_TRY(door->instance,
               transport->create(configured_.link_credentials(security, anchor_.revoked),
                                 transport_options(configured_.participant, listener.scheme)));
  doors_.push_back(std::move(door));
  return {};
}

base::Result<std::vector<std::string>> ServerNode::start() {
  std::vector<std::string> addresses;
  for (const auto& door : doors_) {
    const std::string address = config::text(door->place).substr(door->place.scheme.size() + 3);
    auto listener = door->instance->listen(loop_, address, *door);
    if (!listener) {
      for (const auto& other : doors_) other->listener.reset();
      return tl::unexpected(listener.error());
    }
    door->listener = std::move(*listener);
    addresses.push_back(door->listener->address());
    log_.info("server.listening", {{"address", addresses.back()},
                                   {"connection_security", base::name(door->place.connection_security)}});
  }
  log_audit_head();
  sweep();
  revocations_->start([this] { revocations_changed(); });
  return addresses;
}

void ServerNode::sweep() {
  const base::MonoTime now = loop_.clock().mono();
  sessions_.sweep(now, kSessionIdle);
  outstanding_.sweep(now);
  for (const auto& [id, link] : links_) link->look(now);
  look_at_peers();
  if (drained_) close_when_answered();
  sweep_timer_ = loop_.timer(
      kSweepEvery, [](void* self) { static_cast<ServerNode*>(self)->sweep(); }, this);
}

void ServerNode::shed() {
  const auto largest = std::max_element(links_.begin(), links_.end(), [](const auto& a, const auto& b) {
    return a.second->held_bytes() < b.second->held_bytes();
  });
  if (largest != links_.end()) largest->second->shed();
}

ServerCounters ServerNode::counters() const {
  ServerCounters counters = counters_;
  counters.logging_in = strangers_.slots_taken();
  return counters;
}

plugin::ConnectionEvents* ServerNode::accept(const Door& door,
                                             std::unique_ptr<plugin::Connection> connection) {
  if (links_.size() >= kMaxConnections || drained_) return nullptr;
  ++counters_.connections;
  last_conn_ = last_conn_.next();
  auto link = std::make_unique<link::ServerLink>(last_conn_, context_, *door.login,
                                                 link::ServerLimits{strangers_, memory_}, *this);
  link->pipe().attach(std::move(connection));
  plugin::ConnectionEvents* events = &link->pipe();
  links_.emplace(last_conn_, std::move(link));
  return events;
}

void ServerNode::link_established(link::ServerLink& link) {
  ++(link.resumed() ? counters_.resumed : counters_.logins);
  if (drained_) link.goaway();
}

void ServerNode::link_refused(link::ServerLink& link, base::Refusal why) {
  count(why);
  if (!link.is_established() && why > base::Refusal::login_refused) count(base::Refusal::login_refused);
}

void ServerNode::link_closed(link::ServerLink& link) {
  if (link.session() != nullptr && link_of(*link.session()) == &link)
    endpoint_gone(link.session()->endpoint.text());
  loop_.at_turn_end([this, alive = alive_, id = link.id()] {
    if (!*alive) return;
    links_.erase(id);
    if (drained_ && links_.empty()) finish_drain();
  });
}

link::ServerLink* ServerNode::link_of(const auth::Session& session) const {
  const auto& users = sessions_.users(session);
  return users.empty() ? nullptr : static_cast<link::ServerLink*>(users.back());
}

void ServerNode::on_loop(std::function<void()> task) {
  if (loop_.is_home()) return task();
  loop_.post([alive = alive_, task = std::move(task)] {
    if (*alive) task();
  });
}

void ServerNode::on(std::string topic, Handler handler) {
  on_loop([this, topic = std::move(topic), handler = std::move(handler)] { dispatcher_.on(topic, handler); });
}

}  // namespace fairlead::node

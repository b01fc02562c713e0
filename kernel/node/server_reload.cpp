// ServerNode, third part: what changes while it runs. Credentials on reload, and revocation lists.
#include "auth/session_revocation.hpp"
#include "node/same_node.hpp"
#include "node/server_node.hpp"

namespace fairlead::node {
namespace {

/// How long the loop may be kept from everything else by asking about sessions.
constexpr std::chrono::milliseconds kRecheckSlice{5};

}  // namespace

/// A server whose lists are stale or missing still runs: its own certificates are judged leniently.
base::Result<std::unique_ptr<auth::Session>> ServerNode::own_session(const Configured& from,
                                                                     const crypto::LoginTlsContext& tls) {
  crypto::TrustAnchor lenient = anchor_;
  lenient.crl = crypto::CrlRules::lenient;
  const auto rules = login_config(base::ConnectionSecurity::mtls, from, tls, lenient);
  return auth::make_own_session(rules, base::kServerAddress);
}

void ServerNode::reload(Done done) {
  // Never inside of something: the caller may be a handler that was called with what is replaced here.
  loop_.post([this, alive = alive_, done = std::move(done)] {
    if (!*alive) return;
    const base::Status reloaded = reload_now();
    if (reloaded)
      log_.info("server.reloaded", {{"kit_version", configured_.kit.settings().kit_version},
                                    {"certificate", base::hex(configured_.kit.leaf().sha256())}});
    else
      log_.error("server.reload_failed",
                 {{"error", reloaded.error().line()}, {"means", "everything stays as it was"}});
    if (done) done(reloaded);
  });
}

base::Status ServerNode::reload_now() {
  FAIRLEAD_TRY(Configured fresh, configure(configured_.settings, log_, kit::VersionMemory::only_check));
  FAIRLEAD_TRY(check_same_node(configured_, fresh));
  fresh.look_at_peers(loop_.clock().wall(), log_);
  FAIRLEAD_TRY(crypto::LoginTlsContext tls, login_tls(fresh, anchor_, loop_.clock()));
  FAIRLEAD_TRY(std::unique_ptr<auth::Session> own, own_session(fresh, tls));
  FAIRLEAD_TRY(fresh.kit.remember_version());
  FAIRLEAD_TRY(reconfigure_doors(fresh));
  adopt(std::move(fresh), std::move(tls), std::move(own));
  return {};
}

/// All doors or none: the ones before a door that refuses get back what they had.
base::Status ServerNode::reconfigure_doors(const Configured& from) {
  const auto reconfigure = [this](const Door& door, const Configured& source) {
    return door.instance->reconfigure(
        source.link_credentials(door.place.connection_security, anchor_.revoked),
        transport_options(source.participant, door.place.scheme));
  };
  for (size_t i = 0; i < doors_.size(); ++i) {
    base::Status taken = reconfigure(*doors_[i], from);
    if (taken) continue;
    for (size_t before = 0; before < i; ++before)
      if (const auto back = reconfigure(*doors_[before], configured_); !back)
        log_.error("server.reload_half", {{"error", back.error().line()}, {"do", "restart the server"}});
    return taken;
  }
  return {};
}

/// Nothing in here fails. What refers to the former kit (login rules) is made anew before anybody uses it.
void ServerNode::adopt(Configured fresh, crypto::LoginTlsContext tls, std::unique_ptr<auth::Session> own) {
  configured_ = std::move(fresh);
  tls_.emplace(std::move(tls));
  own_.emplace(std::move(own), random_, pool_, context_.gate);
  revocations_->use(configured_.kit);
  anchor_ = revocations_->anchor(configured_.kit);
  tls_->trust(anchor_);
  for (const auto& door : doors_)
    door->login.emplace(login_config(door->place.connection_security, configured_, *tls_, anchor_));
  context_.timeouts = configured_.timeouts;
  router_.replace_policy(route::Policy(policy_rules(configured_.kit.settings())));
}

/// The inner login decides; a plugin that does not take the lists only lets more handshakes get that far.
void ServerNode::revocations_changed() {
  anchor_ = revocations_->anchor(configured_.kit);
  tls_->trust(anchor_);
  if (const auto taken = reconfigure_doors(configured_); !taken)
    log_.warn("crl.not_for_transport", {{"error", taken.error().line()}});
  recheck_.clear();
  sessions_.for_each([this](const auth::Session& session, size_t) { recheck_.push_back(session.prefix()); });
  recheck_some_sessions();
}

void ServerNode::look_at_peers() {
  if (!configured_.look_at_peers(loop_.clock().wall(), log_)) return;
  if (const auto taken = reconfigure_doors(configured_); !taken)
    log_.error("peers.not_for_transport", {{"error", taken.error().line()}});
}

void ServerNode::recheck_some_sessions() {
  recheck_timer_.reset();
  const base::MonoTime until = loop_.clock().mono() + kRecheckSlice;
  while (!recheck_.empty()) {
    auth::Session* session = sessions_.find(recheck_.back());
    recheck_.pop_back();
    if (session == nullptr) continue;
    if (const auto still = auth::check_live(*session, anchor_); !still) end_session(*session, still.error());
    if (loop_.clock().mono() >= until) break;
  }
  if (!recheck_.empty())
    recheck_timer_ = loop_.after(std::chrono::nanoseconds(0), [this] { recheck_some_sessions(); });
}

/// Who waits for an answer of this endpoint hears at once that none will come.
void ServerNode::end_session(auth::Session& session, base::Refusal why) {
  const std::string endpoint = session.endpoint.text();
  const bool owns_endpoint = sessions_.at(endpoint) == &session;
  count(why);
  log_.warn("session.ended", {{"peer", endpoint}, {"code", base::name(why)}});
  sessions_.end(session, why);
  if (owns_endpoint) endpoint_gone(endpoint);
}

}  // namespace fairlead::node

// ClientNode, third part: what changes while it runs. Credentials on reload, and revocation lists.
#include "auth/session_revocation.hpp"
#include "node/client_node.hpp"
#include "node/same_node.hpp"

namespace fairlead::node {
namespace {

constexpr std::chrono::milliseconds kLookAgain{20};

}  // namespace

void ClientNode::reload(Done done) {
  loop_.post([this, alive = alive_, done = std::move(done)]() mutable {
    if (!*alive) return;
    reload_done_.push_back(std::move(done));
    reload_between_logins();
  });
}

/// Not in the middle of a login, whose token must name the certificate that its handshake showed. A login
/// ends within its time-outs, one way or the other.
void ClientNode::reload_between_logins() {
  reload_timer_.reset();
  if (next_ || (link_ && !link_->is_established())) {
    reload_timer_ = loop_.after(kLookAgain, [this] { reload_between_logins(); });
    return;
  }
  const base::Status reloaded = reload_now();
  if (reloaded)
    log_.info("client.reloaded", {{"kit_version", configured_.kit.settings().kit_version},
                                  {"certificate", base::hex(configured_.kit.leaf().sha256())}});
  else
    log_.error("client.reload_failed",
               {{"error", reloaded.error().line()}, {"means", "everything stays as it was"}});
  for (const Done& done : std::exchange(reload_done_, {}))
    if (done) done(reloaded);
}

base::Status ClientNode::reload_now() {
  FAIRLEAD_TRY(Configured fresh, configure(configured_.settings, log_, kit::VersionMemory::only_check));
  FAIRLEAD_TRY(check_same_node(configured_, fresh));
  FAIRLEAD_TRY(crypto::LoginTlsContext tls, login_tls(fresh, anchor_, loop_.clock()));
  FAIRLEAD_TRY(auto proxy, proxy_of(fresh.kit, fresh.participant));
  FAIRLEAD_TRY(fresh.kit.remember_version());
  const std::string& scheme = fresh.participant.connect_to.value.scheme;
  FAIRLEAD_TRY(instance_->reconfigure(dial_credentials(fresh), transport_options(fresh.participant, scheme)));
  // From here on nothing fails.
  use_proxy(std::move(proxy));
  const bool changed = fresh.kit.leaf().sha256() != configured_.kit.leaf().sha256();
  configured_ = std::move(fresh);
  tls_.emplace(std::move(tls));
  revocations_->use(configured_.kit);
  anchor_ = revocations_->anchor(configured_.kit);
  tls_->trust(anchor_);
  login_.emplace(login_config(configured_));
  context_.timeouts = configured_.timeouts;
  if (changed) credentials_changed();
  return {};
}

void ClientNode::credentials_changed() {
  log_.info("client.credentials_changed", {{"means", "logging in with the new certificate"}});
  session_.outdate();
  if (next_) next_->abort();  // it logs in with the old one
  renew();
}

void ClientNode::revocations_changed() {
  anchor_ = revocations_->anchor(configured_.kit);
  tls_->trust(anchor_);
  const std::string& scheme = configured_.participant.connect_to.value.scheme;
  const auto taken = instance_->reconfigure(dial_credentials(configured_),
                                            transport_options(configured_.participant, scheme));
  if (!taken) log_.warn("crl.not_for_transport", {{"error", taken.error().line()}});
  if (!link_ || !link_->is_established()) return;
  const auto still = auth::check_live(link_->conversation().session(), anchor_);
  if (still) return;
  log_.error("client.server_revoked", {{"code", base::name(still.error())},
                                       {"address", link_->address()},
                                       {"do", "ask who runs the server for its new certificate"}});
  session_.outdate();  // a lane of it would be opened without another look at the certificate
  link_->abort();
}

}  // namespace fairlead::node

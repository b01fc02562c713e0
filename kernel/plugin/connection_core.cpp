#include "plugin/connection_core.hpp"

#include <algorithm>

#include "plugin/status.hpp"

namespace fairlead::plugin {

namespace {

/// Of a link whose peer is known by a bare key.
void add_key_facts(const Host& host, const fairlead_bytes& shown, base::LinkFacts& facts) {
  facts.peer_key.assign(shown.data, shown.data + shown.size);
  if (facts.peer_key.empty()) return;
  for (const PeerKey& peer : host.peer_keys())
    if (facts.peer_verified && peer.key == facts.peer_key) facts.key_owners.push_back(peer.name);
  if (host.own_key().empty()) return;
  facts.key_pair = std::min(host.own_key(), facts.peer_key);
  base::append(facts.key_pair, std::max(host.own_key(), facts.peer_key));
}

}  // namespace

std::unique_ptr<ConnectionHandle> ConnectionCore::make(Host& host, void* plugin_side,
                                                       ConnectionEvents* events) {
  auto* core = std::make_unique<ConnectionCore>(host, plugin_side, events).release();
  auto handle = std::make_unique<ConnectionHandle>(*core);
  core->handle_ = handle.get();
  return handle;
}

ConnectionCore::ConnectionCore(Host& host, void* plugin_side, ConnectionEvents* events)
    : host_(host), plugin_side_(plugin_side), events_(events) {
  host_.join();
}

ConnectionCore::~ConnectionCore() { host_.leave(); }

SendAnswer ConnectionCore::send(std::span<const base::ByteView> slices, uint64_t cookie) {
  if (has_ended_) return SendAnswer::failed;
  if (host_.is_inside() || is_in_flight_ || tell_done_) {
    // The plugin cannot be asked now; the kernel hears that it can as soon as that is true.
    tell_ready_ = true;
    host_.defer(*this);
    return SendAnswer::again;
  }
  auto& list = host_.scratch();
  list.clear();
  for (const base::ByteView slice : slices) list.push_back({slice.data(), slice.size()});
  cookie_ = cookie;
  is_in_flight_ = is_sending_ = true;
  fairlead_status status = FAIRLEAD_E_INTERNAL;
  const bool is_fine = host_.slot("send", [&] {
    status = host_.table().send(plugin_side_, list.data(), static_cast<uint32_t>(list.size()), cookie);
  });
  is_sending_ = false;
  if (status == FAIRLEAD_OK) return SendAnswer::taken;
  is_in_flight_ = tell_done_ = false;
  if (status == FAIRLEAD_AGAIN) {
    owes_ready_ = true;
    return SendAnswer::again;
  }
  if (!is_fine) close(CloseMode::abort);
  return SendAnswer::failed;
}

void ConnectionCore::set_reading(Reading reading) {
  reading_ = reading;
  if (has_ended_) return;
  if (!host_.is_inside()) return call_set_reading(reading);
  wished_reading_ = reading;
  host_.defer(*this);
}

void ConnectionCore::close(CloseMode mode) {
  if (has_ended_) return;
  if (!host_.is_inside()) return call_close(mode);
  if (wished_close_ != CloseMode::abort) wished_close_ = mode;
  host_.defer(*this);
}

base::LinkFacts ConnectionCore::facts() const {
  if (facts_) return *facts_;
  return host_.is_inside() || is_released_ ? base::LinkFacts{} : ask_facts();
}

void ConnectionCore::abandon() {
  handle_ = nullptr;
  events_ = nullptr;
  early_.reset();
  if (!has_ended_) wished_close_ = CloseMode::abort;
  if (host_.is_inside() || host_.is_flushing()) return host_.defer(*this);
  host_.undefer(*this);
  settle();
}

void ConnectionCore::disown() {
  has_ended_ = is_released_ = true;
  tell_end_ = false;
  wished_close_.reset();
  events_ = nullptr;
  plugin_side_ = nullptr;
  host_.defer(*this);
}

void ConnectionCore::settle() {
  deliver_opened();
  deliver_early();
  deliver_sent();
  apply_wishes();
  deliver_end();
  if (!is_released_ || handle_ != nullptr) return;
  host_.undefer(*this);
  const std::unique_ptr<ConnectionCore> last(this);
}

void ConnectionCore::deliver_opened() {
  if (!std::exchange(tell_opened_, false)) return;
  facts_ = ask_facts();
  if (events_ != nullptr) events_->opened();
  if (reading_ == Reading::on) wished_reading_ = Reading::on;
}

void ConnectionCore::deliver_early() {
  if (!early_) return;
  base::Slice message = std::move(*early_);
  early_.reset();
  const RxAnswer answer = events_ == nullptr ? RxAnswer::stop : events_->rx_message(std::move(message));
  if (answer != RxAnswer::go_on) wished_reading_.reset();
}

void ConnectionCore::deliver_sent() {
  if (std::exchange(tell_done_, false) && events_ != nullptr) events_->tx_done(cookie_, is_done_ok_);
  if (is_in_flight_ || has_ended_) return;
  if (std::exchange(tell_ready_, false) && events_ != nullptr) events_->tx_ready();
}

void ConnectionCore::apply_wishes() {
  const auto mode = std::exchange(wished_close_, std::nullopt);
  const auto reading = std::exchange(wished_reading_, std::nullopt);
  if (has_ended_) return;
  if (mode) return call_close(*mode);
  if (reading) call_set_reading(*reading);
}

/// The order that the ABI promises: what was in flight, the end, release.
void ConnectionCore::deliver_end() {
  if (!has_ended_ || is_released_) return;
  if (std::exchange(tell_end_, false)) {
    if (!facts_) facts_ = ask_facts();
    if (std::exchange(tell_done_, false) && events_ != nullptr) events_->tx_done(cookie_, is_done_ok_);
    if (events_ != nullptr) std::exchange(events_, nullptr)->closed(close_reason(why_), std::move(detail_));
  }
  is_released_ = true;
  host_.slot("release", [&] { host_.table().release(std::exchange(plugin_side_, nullptr)); });
}

void ConnectionCore::call_close(CloseMode mode) {
  const bool is_fine = host_.slot("close", [&] {
    host_.table().close(plugin_side_, mode == CloseMode::drain ? FAIRLEAD_CLOSE_DRAIN : FAIRLEAD_CLOSE_ABORT);
  });
  if (!is_fine && !has_ended_) end(FAIRLEAD_E_INTERNAL, "the plugin failed to close it");
}

void ConnectionCore::call_set_reading(Reading reading) {
  const bool is_fine = host_.slot(
      "set_reading", [&] { host_.table().set_reading(plugin_side_, reading == Reading::on ? 1 : 0); });
  if (!is_fine) close(CloseMode::abort);
}

base::LinkFacts ConnectionCore::ask_facts() const {
  fairlead_peer peer{};
  peer.struct_size = sizeof peer;
  fairlead_status status = FAIRLEAD_E_CLOSED;
  host_.slot("peer", [&] { status = host_.table().peer(plugin_side_, &peer); });
  base::LinkFacts facts;
  facts.scheme = host_.plugin().schemes.front();
  facts.trusted_plugin = host_.plugin().is_trusted_link;
  if (status != FAIRLEAD_OK) return facts;
  // Bits count once opened() was reported: before that nothing is proved.
  const uint32_t bits = was_opened_ ? peer.security : 0;
  facts.confidential = (bits & FAIRLEAD_SEC_CONFIDENTIAL) != 0;
  facts.peer_verified = (bits & FAIRLEAD_SEC_PEER_VERIFIED) != 0;
  facts.self_proven = (bits & FAIRLEAD_SEC_SELF_PROVEN) != 0;
  facts.protocol = printable(view(peer.protocol));
  facts.cipher = printable(view(peer.cipher));
  facts.local_address = printable(view(peer.local_address));
  facts.remote_address = printable(view(peer.remote_address));
  facts.peer_certificate_der.assign(peer.certificate_der.data,
                                    peer.certificate_der.data + peer.certificate_der.size);
  facts.channel_binding.assign(peer.channel_binding.data,
                               peer.channel_binding.data + peer.channel_binding.size);
  add_key_facts(host_, peer.public_key, facts);
  return facts;
}

}  // namespace fairlead::plugin

#include "peer_keys.hpp"

#include <algorithm>

namespace zmq_curve {

PeerKeys::PeerKeys(const fairlead_host& host)
    : host_(host),
      table_(static_cast<const fairlead_peers*>(host.extension(host.ctx, FAIRLEAD_PEERS_EXTENSION))) {
  read();
}

PeerKeys::~PeerKeys() {
  if (changed_) table_->notify(host_.ctx, nullptr, nullptr);
}

void PeerKeys::on_change(std::function<void()> changed) {
  if (table_ == nullptr) return;
  changed_ = std::move(changed);
  table_->notify(
      host_.ctx,
      [](void* self) {
        auto& keys = *static_cast<PeerKeys*>(self);
        fairlead::transport::detail::contain(keys.host_, [&] {
          keys.read();
          keys.changed_();
        });
      },
      this);
}

void PeerKeys::read() {
  known_.clear();
  if (table_ == nullptr) return;
  table_->each(
      host_.ctx,
      [](void* self, fairlead_text, fairlead_bytes key) {
        PublicKey one{};
        if (key.size != one.size()) return;
        std::copy_n(key.data, key.size, one.begin());
        static_cast<PeerKeys*>(self)->known_.insert(one);
      },
      this);
}

}  // namespace zmq_curve

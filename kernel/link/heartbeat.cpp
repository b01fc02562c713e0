#include "link/heartbeat.hpp"

namespace fairlead::link {

Heartbeat::Heartbeat(loop::Loop& loop, std::chrono::nanoseconds interval, Actions actions)
    : loop_(loop),
      interval_(interval),
      actions_(std::move(actions)),
      seen_(actions_.received()),
      heard_(loop.clock().mono()) {
  arm();
}

void Heartbeat::arm() {
  timer_ = loop_.timer(
      interval_ / 2, [](void* self) { static_cast<Heartbeat*>(self)->tick(); }, this);
}

void Heartbeat::tick() {
  const base::MonoTime now = loop_.clock().mono();
  const uint64_t received = actions_.received();
  if (received != seen_) heard_ = now;
  seen_ = received;
  if (now - heard_ >= kMaxSilentIntervals * interval_) return actions_.dead();
  arm();
  beat_now_ = !beat_now_;
  if (!beat_now_) actions_.beat();
}

}  // namespace fairlead::link

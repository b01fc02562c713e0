#include "link/heartbeat.hpp"

namespace fairlead::link {

Heartbeat::Heartbeat(loop::Loop& loop, std::chrono::nanoseconds interval, Actions actions)
    : loop_(loop), interval_(interval), actions_(std::move(actions)), seen_(actions_.received()) {
  arm();
}

void Heartbeat::arm() {
  timer_ = loop_.timer(
      interval_, [](void* self) { static_cast<Heartbeat*>(self)->tick(); }, this);
}

void Heartbeat::tick() {
  const uint64_t received = actions_.received();
  missed_ = received == seen_ ? missed_ + 1 : 0;
  seen_ = received;
  if (missed_ > kMaxMissed) return actions_.dead();
  arm();
  actions_.beat();
}

}  // namespace fairlead::link

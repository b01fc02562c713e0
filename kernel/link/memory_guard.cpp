#include "link/memory_guard.hpp"

#include <utility>

namespace fairlead::link {

MemoryGuard::MemoryGuard(loop::Loop& loop, const loop::BufferPool& pool, uint64_t cap,
                         std::function<void()> shed)
    : loop_(loop), pool_(pool), budget_(cap), shed_(std::move(shed)) {}

void MemoryGuard::check(Pipe& pipe, size_t held) {
  const Pressure pressure = budget_.update(pool_.lent_bytes());
  if (pressure == Pressure::none || (pressure == Pressure::reading && held < kMuch)) return;
  if (paused_.empty()) paused_since_ = loop_.clock().mono();
  paused_.push_back(&pipe);
  pipe.pause();
  if (!timer_) timer_ = loop_.after(kLook, [this] { look(); });
}

void MemoryGuard::forget(Pipe& pipe) noexcept { std::erase(paused_, &pipe); }

bool MemoryGuard::takes_logins() { return budget_.update(pool_.lent_bytes()) < Pressure::logins; }

void MemoryGuard::look() {
  timer_.reset();
  const Pressure pressure = budget_.update(pool_.lent_bytes());
  const base::MonoTime now = loop_.clock().mono();
  if (pressure == Pressure::shedding || (pressure != Pressure::none && now - paused_since_ >= kPatience)) {
    paused_since_ = now;
    shed_();
  }
  if (pressure == Pressure::none) {
    // A pipe that goes on may read what makes memory short again: then it comes back here.
    for (Pipe* pipe : std::exchange(paused_, {})) pipe->resume();
  }
  if (!paused_.empty() && !timer_) timer_ = loop_.after(kLook, [this] { look(); });
}

}  // namespace fairlead::link

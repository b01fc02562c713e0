#include "link/flusher.hpp"

#include <algorithm>

#include "link/pipe.hpp"

namespace fairlead::link {

void Flusher::add(Pipe& pipe) {
  waiting_.push_back(&pipe);
  if (scheduled_) return;
  scheduled_ = true;
  loop_.at_turn_end([this] { flush_all(); });
}

void Flusher::remove(const Pipe& pipe) noexcept {
  std::replace(waiting_.begin(), waiting_.end(), const_cast<Pipe*>(&pipe), static_cast<Pipe*>(nullptr));
  std::replace(flushing_.begin(), flushing_.end(), const_cast<Pipe*>(&pipe), static_cast<Pipe*>(nullptr));
}

void Flusher::flush_all() {
  scheduled_ = false;
  flushing_.swap(waiting_);
  for (size_t i = 0; i < flushing_.size(); ++i)
    if (flushing_[i] != nullptr) flushing_[i]->flush();
  flushing_.clear();
}

}  // namespace fairlead::link

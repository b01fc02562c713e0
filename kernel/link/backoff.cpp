#include "link/backoff.hpp"

#include <algorithm>

namespace fairlead::link {

std::chrono::milliseconds Backoff::next() {
  const auto ceiling = std::min(kMost, kFirst * (1 << std::min(attempts_, 10)));
  ++attempts_;
  return std::chrono::milliseconds(random_.below(static_cast<uint64_t>(ceiling.count()) + 1));
}

void Backoff::lost(base::MonoTime now) noexcept {
  if (since_ != base::MonoTime::max() && now - since_ >= kHeld) attempts_ = 0;
  since_ = base::MonoTime::max();
}

}  // namespace fairlead::link

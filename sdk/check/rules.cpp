#include "rules.hpp"

#include <utility>

namespace fairlead::check {

void Breaches::note(Rule rule, std::string what) {
  constexpr size_t kEnough = 1'000;
  const std::lock_guard hold(lock_);
  if (all_.size() < kEnough) all_.push_back({rule, std::move(what)});
}

std::optional<std::string> Breaches::first(uint32_t mask) const {
  const std::lock_guard hold(lock_);
  for (const Breach& breach : all_)
    if ((breach.rule & mask) != 0) return breach.what;
  return std::nullopt;
}

}  // namespace fairlead::check

/// Percentiles of a small sample, nearest rank. Pure.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "base/assert.hpp"

namespace fairlead::app {

/// The smallest value that at least `percent` of all values do not exceed. `sorted` ascends and is not empty;
/// percent is in (0, 100].
inline uint64_t percentile(const std::vector<uint64_t>& sorted, double percent) {
  FAIRLEAD_ASSERT(!sorted.empty());
  const double rank = std::ceil(percent / 100.0 * static_cast<double>(sorted.size()));
  return sorted[std::clamp<size_t>(static_cast<size_t>(rank), 1, sorted.size()) - 1];
}

}  // namespace fairlead::app

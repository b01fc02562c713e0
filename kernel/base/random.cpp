#include "base/random.hpp"

#include <sys/random.h>

#include <cerrno>

#include "base/assert.hpp"

namespace fairlead::base {

uint64_t Random::below(uint64_t bound) noexcept {
  FAIRLEAD_ASSERT(bound > 0);
  const uint64_t limit = UINT64_MAX - UINT64_MAX % bound;  // values from here on would favour the low results
  for (;;) {
    const auto value = load_be<uint64_t>(bytes<8>());
    if (value < limit) return value % bound;
  }
}

void SystemRandom::fill(MutableByteView out) noexcept {
  while (!out.empty()) {
    const ssize_t got = ::getrandom(out.data(), out.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    FAIRLEAD_ASSERT(got > 0);
    out = out.subspan(static_cast<size_t>(got));
  }
}

}  // namespace fairlead::base

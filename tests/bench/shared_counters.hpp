/// SharedCounters: what the processes of one measurement tell each other, in memory they all map.
#pragma once
#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <limits>

namespace fairlead::bench {

struct SharedCounters {
  std::atomic<uint64_t> received{0};  ///< messages that reached the receiving site
  std::atomic<uint32_t> port{0};      ///< the server's
  std::atomic<uint32_t> receiver_ready{0}, sender_ready{0};
  std::atomic<uint32_t> go{0}, stop{0}, done{0};
  std::atomic<uint64_t> logins{0};
  std::atomic<uint32_t> samples{0};
  uint32_t rtt_ns[1u << 18]{};

  void add_sample(std::chrono::nanoseconds took) noexcept {
    const uint32_t at = samples.fetch_add(1);
    const auto most = std::numeric_limits<uint32_t>::max();
    if (at < std::size(rtt_ns)) rtt_ns[at] = static_cast<uint32_t>(std::min<int64_t>(took.count(), most));
  }
  /// One for this process and all that it forks.
  static SharedCounters& make() {
    void* memory =
        ::mmap(nullptr, sizeof(SharedCounters), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return *new (memory) SharedCounters;
  }
};

}  // namespace fairlead::bench

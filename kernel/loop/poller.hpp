/// Poller: the descriptors of one loop in one epoll set of their own, level-triggered.
/// The loop waits for the set as for one descriptor, so an event costs no registration call and no memory.
#pragma once
#include <sys/epoll.h>

#include <array>
#include <memory>

#include "loop/loop.hpp"

namespace fairlead::loop {

/// Single-threaded. Outlives every watch that it made.
class Poller {
 public:
  Poller();
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  /// Readable while dispatch() has something to do. Owned by the poller.
  int fd() const noexcept { return set_; }
  /// Fails when the descriptor is not open, of a kind that cannot be waited for, or already watched.
  base::Result<std::unique_ptr<Watch>> watch(int fd, uint32_t events, WatchBody body, void* argument);
  /// Calls the body of every watch that has a wanted event now; never waits.
  void dispatch();

 private:
  class Entry;
  static constexpr size_t kBatch = 256;  ///< events taken from the kernel at once
  static constexpr int kMaxRounds = 16;  ///< batches in one dispatch(); the rest comes in the next turn

  int change(int operation, int fd, uint32_t events, Entry* entry) noexcept;
  void forget(const Entry& entry) noexcept;

  int set_;
  std::array<epoll_event, kBatch> batch_{};
  size_t next_ = 0, count_ = 0;  ///< the part of batch_ that is still to be handled
};

}  // namespace fairlead::loop

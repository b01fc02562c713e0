/// TimerQueue: one-shot timers in order of time, for every kind of loop. Single-threaded.
#pragma once
#include <memory>
#include <optional>
#include <set>

#include "loop/loop.hpp"

namespace fairlead::loop {

/// Outlives every timer that it made.
class TimerQueue {
 public:
  /// A timer that run_due() fires once `at` is reached.
  std::unique_ptr<Timer> add(base::MonoTime at, TimerBody body, void* argument);
  /// The earliest time at which run_due() has something to do.
  std::optional<base::MonoTime> next() const;
  /// Fires what is due, earliest first, equal times in order of add(). Timers added by a body wait for the
  /// next call, so that a body which renews itself cannot keep a loop from its other work.
  void run_due(base::MonoTime now);

 private:
  class Entry;
  struct Earlier {
    bool operator()(const Entry* a, const Entry* b) const noexcept;
  };

  std::set<Entry*, Earlier> waiting_;
  uint64_t added_ = 0;
};

}  // namespace fairlead::loop

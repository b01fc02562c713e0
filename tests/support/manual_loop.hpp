/// ManualLoop: a loop without thread and real time; the test says when time passes and when a turn happens.
#pragma once
#include <deque>
#include <vector>

#include "loop/timer_queue.hpp"
#include "support/fake_clock.hpp"

namespace fairlead::support {

/// Single-threaded. Descriptors are watched in name only: ready() plays their events.
class ManualLoop final : public loop::Loop {
 public:
  explicit ManualLoop(FakeClock& clock) noexcept : clock_(clock) {}
  ~ManualLoop() override;

  base::Result<std::unique_ptr<loop::Watch>> watch(int fd, uint32_t events, loop::WatchBody body,
                                                   void* argument) override;
  std::unique_ptr<loop::Timer> timer(std::chrono::nanoseconds delay, loop::TimerBody body,
                                     void* argument) override;
  bool post(std::function<void()> task) override;
  void at_turn_end(std::function<void()> task) override;
  bool is_home() const noexcept override { return true; }
  const base::Clock& clock() const noexcept override { return clock_; }
  /// Turns until stop() or until nothing is left to do without time passing.
  void run() override;
  /// Ends the loop for good: post() takes nothing more.
  void stop() override { has_ended_ = true; }

  /// One turn: due timers, what was posted before it, then the tasks of its end.
  void turn();
  /// Lets time pass from timer to timer, with a turn at each, and a turn at the end.
  void advance(std::chrono::nanoseconds by);
  /// Plays readiness of a descriptor; bodies get what they want of it (hang-up unasked).
  void ready(int fd, uint32_t events);
  /// The events wanted of a descriptor now, 0 when nobody watches it.
  uint32_t wanted(int fd) const noexcept;

 private:
  class ManualWatch;

  bool has_work_now() const;

  FakeClock& clock_;
  loop::TimerQueue timers_;
  std::deque<std::function<void()>> posted_;
  std::vector<std::function<void()>> turn_end_;
  std::vector<ManualWatch*> watches_;
  bool has_ended_ = false;
};

}  // namespace fairlead::support

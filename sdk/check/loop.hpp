/// A small event loop on poll(2) that a plugin under test runs on. Every misuse of its handles is noted as a
/// breach. Handles stay allocated until the loop ends, so that a dead one is recognised.
#pragma once
#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "handles.hpp"
#include "rules.hpp"

namespace fairlead::check {

/// Monotonic nanoseconds. [any]
uint64_t now_ns() noexcept;

class Loop;

/// Tells whoever owns the loop when plugin code is entered and left. No virtual functions: UBSan's check of
/// those needs a descriptor, which check descriptor-exhaustion leaves it without.
struct Entries {
  std::function<void()> enter_callback, leave;
};

struct Watch final : fairlead_watch {
  Loop* loop = nullptr;
  int fd = -1;
  uint32_t events = 0;
  void (*ready)(void*, uint32_t) = nullptr;
  void* argument = nullptr;
  bool alive = true;
};

struct Timer final : fairlead_timer {
  Loop* loop = nullptr;
  uint64_t due = 0;
  void (*fire)(void*) = nullptr;
  void* argument = nullptr;
  bool alive = true;
};

/// [home] unless it says otherwise.
class Loop final {
 public:
  Loop(Breaches& breaches, Entries entries);
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  ~Loop();

  Watch* watch(int fd, uint32_t events, void (*ready)(void*, uint32_t), void* argument);
  void rewatch(Watch& watch, uint32_t events);
  void unwatch(Watch& watch);
  Timer* timer(uint64_t delay_ns, void (*fire)(void*), void* argument);
  void cancel(Timer& timer);
  /// [any] E_CLOSED after stop().
  fairlead_status post(void (*task)(void*), void* argument);
  void stop();

  /// One pass: waits at most `wait_ms` for something, then calls everything that is due.
  void turn(int wait_ms);
  Breaches& breaches() noexcept { return breaches_; }
  bool is_home() const noexcept { return std::this_thread::get_id() == home_; }
  size_t watches() const noexcept;  ///< alive
  size_t timers() const noexcept;   ///< alive

 private:
  struct Task {
    void (*body)(void*);
    void* argument;
  };

  bool is_alive(const Watch& watch, const char* call);
  int wait_for(int wait_ms) const noexcept;
  void run_tasks();
  void run_timers();
  void run_watches(int wait_ms);

  Breaches& breaches_;
  Entries entries_;
  std::thread::id home_ = std::this_thread::get_id();
  std::deque<Watch> watches_;
  std::deque<Timer> timers_;
  std::vector<Watch*> live_watches_;
  std::vector<Timer*> live_timers_;
  std::mutex lock_;  // tasks_, stopped_
  std::vector<Task> tasks_;
  bool stopped_ = false;
  std::array<int, 2> wake_{-1, -1};
};

}  // namespace fairlead::check

/// Loop: one thread's event loop behind a small interface. Real ones run on Asio; tests use a manual one.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace fairlead::loop {

enum : uint32_t { kReadable = 1, kWritable = 2, kHangup = 4 };  ///< the bits of the transport ABI

using WatchBody = void (*)(void* argument, uint32_t events);
using TimerBody = void (*)(void* argument);

/// Registration of one descriptor; the descriptor stays the caller's. [home]
class Watch {
 public:
  virtual ~Watch() = default;  ///< the body never runs afterwards
  /// Which events to wait for (level-triggered); 0 keeps the registration and means silence, hang-up
  /// included.
  virtual void want(uint32_t events) noexcept = 0;
};

/// A one-shot timer. Destroying it cancels it. [home]
class Timer {
 public:
  virtual ~Timer() = default;
};

/// Thread rule: [home] means on this loop's thread (or before run()); [any] means any thread.
class Loop {
 public:
  virtual ~Loop() = default;

  /// [home] Calls body(argument, events) while any wanted event holds. Fails when the descriptor cannot be
  /// watched.
  virtual base::Result<std::unique_ptr<Watch>> watch(int fd, uint32_t events, WatchBody body,
                                                     void* argument) = 0;
  /// [home] Calls body(argument) once after `delay`, unless the timer is destroyed before.
  virtual std::unique_ptr<Timer> timer(std::chrono::nanoseconds delay, TimerBody body, void* argument) = 0;
  /// [home] The same for a function object.
  std::unique_ptr<Timer> after(std::chrono::nanoseconds delay, std::function<void()> body);
  /// [any] Runs the task on the loop's thread, in order of posting. False once the loop has ended: task not
  /// taken.
  virtual bool post(std::function<void()> task) = 0;
  /// [home] Runs the task when the current turn ends: after everything that is ready now has been handled.
  /// What gathers many frames into one send. Tasks deferred by a deferred task run in the same turn's end.
  virtual void at_turn_end(std::function<void()> task) = 0;
  /// [any] Is this the loop's thread?
  virtual bool is_home() const noexcept = 0;
  virtual const base::Clock& clock() const noexcept = 0;

  /// Runs until stop(). The calling thread becomes home.
  virtual void run() = 0;
  /// [any] Makes run() return soon.
  virtual void stop() = 0;
};

/// A loop on Boost.Asio (epoll). `clock` must outlive it.
std::unique_ptr<Loop> make_loop(const base::Clock& clock);

}  // namespace fairlead::loop

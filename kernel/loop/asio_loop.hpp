/// AsioLoop: the loop of the running program, known to this room only; others call make_loop().
#pragma once
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <memory_resource>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "loop/poller.hpp"
#include "loop/timer_queue.hpp"

namespace fairlead::loop {

/// One turn is: wait for anything, then every ready descriptor, every due timer, every posted task, and at
/// the end what was deferred to the end of the turn. What becomes ready meanwhile belongs to the next turn,
/// so nothing can keep the end of a turn from coming.
class AsioLoop final : public Loop {
 public:
  explicit AsioLoop(const base::Clock& clock);
  ~AsioLoop() override;
  AsioLoop(const AsioLoop&) = delete;
  AsioLoop& operator=(const AsioLoop&) = delete;

  base::Result<std::unique_ptr<Watch>> watch(int fd, uint32_t events, WatchBody body,
                                             void* argument) override;
  std::unique_ptr<Timer> timer(std::chrono::nanoseconds delay, TimerBody body, void* argument) override;
  bool post(std::function<void()> task) override;
  void at_turn_end(std::function<void()> task) override;
  bool is_home() const noexcept override;
  const base::Clock& clock() const noexcept override { return clock_; }
  void run() override;
  void stop() override;

  /// [home] For what Asio does better than this loop: name resolution.
  boost::asio::io_context& context() noexcept { return context_; }

 private:
  using Tasks = std::vector<std::function<void()>>;

  void turn();
  void wait();
  void set_alarm();
  void run_posted();
  void run_turn_end();
  void finish();
  void wake() noexcept;
  bool has_work_now() const noexcept;
  bool is_timer_due() const noexcept;

  const base::Clock& clock_;
  base::MonoTime turn_time_;  ///< when this turn began; a timer without a delay is due from here on
  Poller poller_;
  TimerQueue timers_;
  int wake_fd_, alarm_fd_;  ///< an eventfd and a timerfd in the poller's set
  std::unique_ptr<Watch> wake_watch_, alarm_watch_;
  std::optional<base::MonoTime> alarm_;  ///< what alarm_fd_ is set to
  Tasks turn_end_, running_;

  std::atomic<bool> stopping_ = false, has_posted_ = false;
  std::atomic<std::thread::id> home_{};  ///< nobody: not running, every thread may use it
  std::mutex mutex_;                     ///< guards posted_ and has_ended_
  Tasks posted_;
  bool has_ended_ = false;

  std::pmr::unsynchronized_pool_resource wait_memory_;  ///< of the one wait that is armed anew each turn
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{context_.get_executor()};
  boost::asio::posix::stream_descriptor ready_;
  bool is_armed_ = false;
};

}  // namespace fairlead::loop

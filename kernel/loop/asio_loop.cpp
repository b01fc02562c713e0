#include "loop/asio_loop.hpp"

#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/bind_allocator.hpp>

#include "base/assert.hpp"

namespace fairlead::loop {
namespace {

/// Empties an eventfd or timerfd: both give eight bytes.
void drain(int fd) noexcept {
  uint64_t count = 0;
  [[maybe_unused]] const ssize_t got = ::read(fd, &count, sizeof count);
}

std::unique_ptr<Watch> watch_own(Poller& poller, int fd, WatchBody body, void* argument) {
  auto watch = poller.watch(fd, kReadable, body, argument);
  FAIRLEAD_ASSERT(watch.has_value());
  return std::move(*watch);
}

}  // namespace

AsioLoop::AsioLoop(const base::Clock& clock)
    : clock_(clock),
      turn_time_(clock.mono()),
      wake_fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      alarm_fd_(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)),
      wake_watch_(watch_own(
          poller_, wake_fd_, [](void* self, uint32_t) { drain(static_cast<AsioLoop*>(self)->wake_fd_); },
          this)),
      alarm_watch_(watch_own(
          poller_, alarm_fd_,
          [](void* self, uint32_t) {
            drain(static_cast<AsioLoop*>(self)->alarm_fd_);
            static_cast<AsioLoop*>(self)->alarm_.reset();
          },
          this)),
      ready_(context_, poller_.fd()) {}

AsioLoop::~AsioLoop() {
  ready_.release();  // the poller closes its own descriptor
  alarm_watch_.reset();
  wake_watch_.reset();
  ::close(alarm_fd_);
  ::close(wake_fd_);
}

base::Result<std::unique_ptr<Watch>> AsioLoop::watch(int fd, uint32_t events, WatchBody body,
                                                     void* argument) {
  FAIRLEAD_ASSERT(is_home());
  return poller_.watch(fd, events, body, argument);
}

std::unique_ptr<Timer> AsioLoop::timer(std::chrono::nanoseconds delay, TimerBody body, void* argument) {
  FAIRLEAD_ASSERT(is_home());
  const bool is_for_next_turn = delay <= std::chrono::nanoseconds(0);
  return timers_.add(is_for_next_turn ? turn_time_ : clock_.mono() + delay, body, argument);
}

bool AsioLoop::post(std::function<void()> task) {
  bool was_empty = false;
  {
    const std::lock_guard lock(mutex_);
    if (has_ended_) return false;
    was_empty = posted_.empty();
    posted_.push_back(std::move(task));
    has_posted_.store(true, std::memory_order_release);
  }
  if (was_empty && home_.load(std::memory_order_relaxed) != std::this_thread::get_id()) wake();
  return true;
}

void AsioLoop::at_turn_end(std::function<void()> task) {
  FAIRLEAD_ASSERT(is_home());
  turn_end_.push_back(std::move(task));
}

bool AsioLoop::is_home() const noexcept {
  const std::thread::id home = home_.load(std::memory_order_relaxed);
  return home == std::thread::id() || home == std::this_thread::get_id();
}

void AsioLoop::run() {
  home_ = std::this_thread::get_id();
  {
    const std::lock_guard lock(mutex_);
    has_ended_ = false;
  }
  while (!stopping_.load(std::memory_order_acquire)) turn();
  finish();
}

void AsioLoop::stop() {
  stopping_.store(true, std::memory_order_release);
  wake();
}

void AsioLoop::turn() {
  wait();
  poller_.dispatch();
  turn_time_ = clock_.mono();
  timers_.run_due(turn_time_);
  run_posted();
  run_turn_end();
}

void AsioLoop::wait() {
  const bool is_busy = has_work_now();
  if (!is_busy) set_alarm();
  if (!is_armed_) {
    is_armed_ = true;
    ready_.async_wait(
        boost::asio::posix::stream_descriptor::wait_read,
        boost::asio::bind_allocator(std::pmr::polymorphic_allocator<std::byte>(&wait_memory_),
                                    [this](const boost::system::error_code&) { is_armed_ = false; }));
  }
  if (!is_busy) context_.run_one();
  context_.poll();
}

/// A later alarm than needed is moved; an earlier one, left by a timer that was cancelled, is let ring: that
/// costs less than a system call for each timer that comes and goes.
void AsioLoop::set_alarm() {
  const auto next = timers_.next();
  if (!next || (alarm_ && *alarm_ <= *next)) return;
  alarm_ = next;
  const auto wait = std::max(*next - clock_.mono(), std::chrono::nanoseconds(1));
  const auto seconds = std::chrono::floor<std::chrono::seconds>(wait);
  itimerspec spec{};
  spec.it_value.tv_sec = seconds.count();
  spec.it_value.tv_nsec = (wait - seconds).count();
  ::timerfd_settime(alarm_fd_, 0, &spec, nullptr);
}

void AsioLoop::run_posted() {
  if (!has_posted_.load(std::memory_order_acquire)) return;
  {
    const std::lock_guard lock(mutex_);
    running_.swap(posted_);
    has_posted_.store(false, std::memory_order_relaxed);
  }
  for (const auto& task : running_) task();
  running_.clear();
}

void AsioLoop::run_turn_end() {
  for (size_t i = 0; i < turn_end_.size(); ++i) {
    const std::function<void()> task = std::move(turn_end_[i]);  // a task may add tasks and move the vector
    task();
  }
  turn_end_.clear();
}

/// Tasks that were taken still run; from here on none is taken.
void AsioLoop::finish() {
  {
    const std::lock_guard lock(mutex_);
    has_ended_ = true;
  }
  run_posted();
  run_turn_end();
  stopping_ = false;
  home_ = std::thread::id();
}

void AsioLoop::wake() noexcept {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t put = ::write(wake_fd_, &one, sizeof one);
}

bool AsioLoop::has_work_now() const noexcept {
  return has_posted_.load(std::memory_order_acquire) || !turn_end_.empty() ||
         stopping_.load(std::memory_order_acquire) || is_timer_due();
}

bool AsioLoop::is_timer_due() const noexcept {
  const auto next = timers_.next();
  return next && *next <= turn_time_;
}

std::unique_ptr<Loop> make_loop(const base::Clock& clock) { return std::make_unique<AsioLoop>(clock); }

}  // namespace fairlead::loop

#include "loop.hpp"

#include <fcntl.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <utility>

#include "verdict.hpp"

namespace fairlead::check {
namespace {

short to_poll(uint32_t events) noexcept {
  return static_cast<short>(((events & FAIRLEAD_READABLE) != 0 ? POLLIN : 0) |
                            ((events & FAIRLEAD_WRITABLE) != 0 ? POLLOUT : 0));
}

uint32_t from_poll(short events, uint32_t wanted) noexcept {
  uint32_t found = 0;
  if ((events & POLLIN) != 0) found |= FAIRLEAD_READABLE;
  if ((events & POLLOUT) != 0) found |= FAIRLEAD_WRITABLE;
  if ((events & (POLLHUP | POLLERR)) != 0) found |= FAIRLEAD_HANGUP;
  return found & (wanted | FAIRLEAD_HANGUP);
}

}  // namespace

uint64_t now_ns() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(now.tv_nsec);
}

Loop::Loop(Breaches& breaches, Entries entries) : breaches_(breaches), entries_(std::move(entries)) {
  if (::pipe2(wake_.data(), O_NONBLOCK | O_CLOEXEC) != 0) fail("the kit itself has no descriptors left");
}

Loop::~Loop() {
  ::close(wake_[0]);
  ::close(wake_[1]);
}

Watch* Loop::watch(int fd, uint32_t events, void (*ready)(void*, uint32_t), void* argument) {
  if (::fcntl(fd, F_GETFD) < 0) breaches_.note(kHandle, "watch() got a descriptor that is not open");
  Watch& made = watches_.emplace_back();
  made.loop = this;
  made.fd = fd;
  made.events = events;
  made.ready = ready;
  made.argument = argument;
  live_watches_.push_back(&made);
  return &made;
}

bool Loop::is_alive(const Watch& watch, const char* call) {
  if (!watch.alive) breaches_.note(kHandle, std::string(call) + "() after unwatch()");
  return watch.alive;
}

void Loop::rewatch(Watch& watch, uint32_t events) {
  if (is_alive(watch, "rewatch")) watch.events = events;
}

void Loop::unwatch(Watch& watch) {
  if (!is_alive(watch, "unwatch")) return;
  watch.alive = false;
  std::erase(live_watches_, &watch);
}

Timer* Loop::timer(uint64_t delay_ns, void (*fire)(void*), void* argument) {
  constexpr uint64_t kLongest = uint64_t{1} << 60;
  Timer& made = timers_.emplace_back();
  made.loop = this;
  made.due = now_ns() + std::min(delay_ns, kLongest);
  made.fire = fire;
  made.argument = argument;
  live_timers_.push_back(&made);
  return &made;
}

void Loop::cancel(Timer& timer) {
  if (!timer.alive) return breaches_.note(kHandle, "cancel() of a timer that fired or was cancelled");
  timer.alive = false;
  std::erase(live_timers_, &timer);
}

fairlead_status Loop::post(void (*task)(void*), void* argument) {
  const std::lock_guard hold(lock_);
  if (stopped_) return FAIRLEAD_E_CLOSED;
  tasks_.push_back({task, argument});
  const uint8_t one = 1;
  // A full pipe is as good a wake-up as one more byte.
  [[maybe_unused]] const ssize_t written = ::write(wake_[1], &one, 1);
  return FAIRLEAD_OK;
}

void Loop::stop() {
  run_tasks();
  const std::lock_guard hold(lock_);
  stopped_ = true;
}

size_t Loop::watches() const noexcept { return live_watches_.size(); }
size_t Loop::timers() const noexcept { return live_timers_.size(); }

void Loop::run_tasks() {
  std::vector<Task> now;
  {
    const std::lock_guard hold(lock_);
    now.swap(tasks_);
  }
  for (const Task& task : now) {
    entries_.enter_callback();
    task.body(task.argument);
    entries_.leave();
  }
}

void Loop::run_timers() {
  const uint64_t now = now_ns();
  std::vector<Timer*> due;
  for (Timer* timer : live_timers_)
    if (timer->due <= now) due.push_back(timer);
  std::stable_sort(due.begin(), due.end(), [](const Timer* a, const Timer* b) { return a->due < b->due; });
  for (Timer* timer : due) {
    if (!timer->alive) continue;
    timer->alive = false;
    std::erase(live_timers_, timer);
    entries_.enter_callback();
    timer->fire(timer->argument);
    entries_.leave();
  }
}

int Loop::wait_for(int wait_ms) const noexcept {
  const uint64_t now = now_ns();
  for (const Timer* timer : live_timers_) {
    const uint64_t left = timer->due > now ? (timer->due - now + 999'999) / 1'000'000 : 0;
    wait_ms = std::min(wait_ms, static_cast<int>(std::min<uint64_t>(left, 60'000)));
  }
  return wait_ms;
}

void Loop::run_watches(int wait_ms) {
  std::vector<pollfd> asked{{wake_[0], POLLIN, 0}};
  std::vector<Watch*> behind{nullptr};
  for (Watch* watch : live_watches_) {
    if (watch->events == 0) continue;
    asked.push_back({watch->fd, to_poll(watch->events), 0});
    behind.push_back(watch);
  }
  if (::poll(asked.data(), asked.size(), wait_for(wait_ms)) <= 0) return;
  std::array<uint8_t, 64> nothing{};
  while (asked[0].revents != 0 && ::read(wake_[0], nothing.data(), nothing.size()) > 0) {
  }
  for (size_t i = 1; i < asked.size(); ++i) {
    Watch* watch = behind[i];
    if (asked[i].revents == 0 || !watch->alive || watch->events == 0) continue;
    if ((asked[i].revents & POLLNVAL) != 0) {
      breaches_.note(kHandle, "a descriptor was closed while it was watched");
      watch->events = 0;
      continue;
    }
    const uint32_t events = from_poll(asked[i].revents, watch->events);
    if (events == 0) continue;
    entries_.enter_callback();
    watch->ready(watch->argument, events);
    entries_.leave();
  }
}

void Loop::turn(int wait_ms) {
  run_watches(wait_ms);
  run_tasks();
  run_timers();
}

}  // namespace fairlead::check

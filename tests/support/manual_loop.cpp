#include "support/manual_loop.hpp"

#include <algorithm>

namespace fairlead::support {

class ManualLoop::ManualWatch final : public loop::Watch {
 public:
  ManualWatch(ManualLoop& loop, int fd, uint32_t events, loop::WatchBody body, void* argument)
      : loop_(loop), fd_(fd), wanted_(events), body_(body), argument_(argument) {
    loop_.watches_.push_back(this);
  }
  ManualWatch(const ManualWatch&) = delete;
  ManualWatch& operator=(const ManualWatch&) = delete;
  ~ManualWatch() override { std::erase(loop_.watches_, this); }

  void want(uint32_t events) noexcept override { wanted_ = events; }
  int fd() const noexcept { return fd_; }
  uint32_t wanted() const noexcept { return wanted_; }
  void fire(uint32_t events) {
    const uint32_t bits = wanted_ == 0 ? 0 : events & (wanted_ | loop::kHangup);
    if (bits != 0) body_(argument_, bits);
  }

 private:
  ManualLoop& loop_;
  int fd_;
  uint32_t wanted_;
  loop::WatchBody body_;
  void* argument_;
};

ManualLoop::~ManualLoop() = default;

base::Result<std::unique_ptr<loop::Watch>> ManualLoop::watch(int fd, uint32_t events, loop::WatchBody body,
                                                             void* argument) {
  if (fd < 0) return base::fail(base::ErrorCode::failed, "cannot watch descriptor " + std::to_string(fd));
  return std::make_unique<ManualWatch>(*this, fd, events, body, argument);
}

std::unique_ptr<loop::Timer> ManualLoop::timer(std::chrono::nanoseconds delay, loop::TimerBody body,
                                               void* argument) {
  return timers_.add(clock_.mono() + std::max(delay, std::chrono::nanoseconds(0)), body, argument);
}

bool ManualLoop::post(std::function<void()> task) {
  if (has_ended_) return false;
  posted_.push_back(std::move(task));
  return true;
}

void ManualLoop::at_turn_end(std::function<void()> task) { turn_end_.push_back(std::move(task)); }

void ManualLoop::run() {
  do turn();
  while (!has_ended_ && has_work_now());
}

bool ManualLoop::has_work_now() const {
  const auto next = timers_.next();
  return !posted_.empty() || !turn_end_.empty() || (next && *next <= clock_.mono());
}

void ManualLoop::turn() {
  timers_.run_due(clock_.mono());
  for (size_t left = posted_.size(); left > 0; --left) {
    const std::function<void()> task = std::move(posted_.front());
    posted_.pop_front();
    task();
  }
  for (size_t i = 0; i < turn_end_.size(); ++i) {
    const std::function<void()> task = std::move(turn_end_[i]);
    task();
  }
  turn_end_.clear();
}

void ManualLoop::advance(std::chrono::nanoseconds by) {
  const base::MonoTime end = clock_.mono() + by;
  for (auto next = timers_.next(); next && *next <= end; next = timers_.next()) {
    clock_.advance(std::max(*next - clock_.mono(), std::chrono::nanoseconds(0)));
    turn();
  }
  clock_.advance(end - clock_.mono());
  turn();
}

void ManualLoop::ready(int fd, uint32_t events) {
  const auto found =
      std::find_if(watches_.begin(), watches_.end(), [&](const auto* one) { return one->fd() == fd; });
  if (found != watches_.end()) (*found)->fire(events);
}

uint32_t ManualLoop::wanted(int fd) const noexcept {
  for (const ManualWatch* one : watches_)
    if (one->fd() == fd) return one->wanted();
  return 0;
}

}  // namespace fairlead::support

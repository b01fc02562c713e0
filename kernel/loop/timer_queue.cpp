#include "loop/timer_queue.hpp"

#include <tuple>

namespace fairlead::loop {

class TimerQueue::Entry final : public Timer {
 public:
  Entry(TimerQueue& queue, base::MonoTime when, TimerBody body, void* argument)
      : at(when), number(queue.added_++), queue_(queue), body_(body), argument_(argument) {
    queue_.waiting_.insert(this);
  }
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;
  ~Entry() override {
    if (is_waiting_) queue_.waiting_.erase(this);
  }

  /// The body may destroy this entry: nothing of it is touched after the call.
  void fire() {
    queue_.waiting_.erase(this);
    is_waiting_ = false;
    body_(argument_);
  }

  const base::MonoTime at;
  const uint64_t number;

 private:
  TimerQueue& queue_;
  TimerBody body_;
  void* argument_;
  bool is_waiting_ = true;
};

bool TimerQueue::Earlier::operator()(const Entry* a, const Entry* b) const noexcept {
  return std::tie(a->at, a->number) < std::tie(b->at, b->number);
}

std::unique_ptr<Timer> TimerQueue::add(base::MonoTime at, TimerBody body, void* argument) {
  return std::make_unique<Entry>(*this, at, body, argument);
}

std::optional<base::MonoTime> TimerQueue::next() const {
  if (waiting_.empty()) return std::nullopt;
  return (*waiting_.begin())->at;
}

void TimerQueue::run_due(base::MonoTime now) {
  const uint64_t limit = added_;
  while (!waiting_.empty()) {
    Entry* first = *waiting_.begin();
    if (first->at > now || first->number >= limit) return;
    first->fire();
  }
}

}  // namespace fairlead::loop

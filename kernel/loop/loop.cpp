#include "loop/loop.hpp"

namespace fairlead::loop {
namespace {

/// A timer that owns the function it calls.
class FunctionTimer final : public Timer {
 public:
  FunctionTimer(Loop& loop, std::chrono::nanoseconds delay, std::function<void()> body)
      : body_(std::move(body)), timer_(loop.timer(delay, &FunctionTimer::fire, this)) {}

 private:
  static void fire(void* self) {
    // The body may destroy this timer, so it must not live in it while it runs.
    const std::function<void()> body = std::move(static_cast<FunctionTimer*>(self)->body_);
    body();
  }

  std::function<void()> body_;
  std::unique_ptr<Timer> timer_;
};

}  // namespace

std::unique_ptr<Timer> Loop::after(std::chrono::nanoseconds delay, std::function<void()> body) {
  return std::make_unique<FunctionTimer>(*this, delay, std::move(body));
}

}  // namespace fairlead::loop

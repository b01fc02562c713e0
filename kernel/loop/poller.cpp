#include "loop/poller.hpp"

#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/assert.hpp"

namespace fairlead::loop {
namespace {

uint32_t to_epoll(uint32_t wanted) noexcept {
  uint32_t events = 0;
  if (wanted & kReadable) events |= EPOLLIN;
  if (wanted & kWritable) events |= EPOLLOUT;
  if (wanted & kHangup) events |= EPOLLRDHUP;
  return events;
}

/// A broken descriptor answers reads and writes at once, so it counts as ready for whatever was asked: a
/// reader that ignores the hang-up bit still meets the end.
uint32_t from_epoll(uint32_t events, uint32_t wanted) noexcept {
  uint32_t bits = 0;
  if (events & EPOLLIN) bits |= kReadable;
  if (events & EPOLLOUT) bits |= kWritable;
  if (events & EPOLLRDHUP) bits |= kHangup;
  if (events & (EPOLLHUP | EPOLLERR)) bits |= kHangup | (wanted & (kReadable | kWritable));
  return bits & (wanted | kHangup);
}

}  // namespace

class Poller::Entry final : public Watch {
 public:
  Entry(Poller& poller, int fd, WatchBody body, void* argument) noexcept
      : poller_(poller), fd_(fd), body_(body), argument_(argument) {}
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;
  ~Entry() override {
    want(0);
    poller_.forget(*this);
  }

  /// Silence takes the descriptor out of the set: epoll reports hang-up for everything that is in it.
  void want(uint32_t events) noexcept override {
    if (events == wanted_) return;
    const int operation = events == 0 ? EPOLL_CTL_DEL : wanted_ == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    poller_.change(operation, fd_, events, this);
    wanted_ = events;
  }
  /// The first registration, which tells whether the descriptor can be watched at all: 0 or an errno.
  int begin(uint32_t events) noexcept {
    const int error = poller_.change(EPOLL_CTL_ADD, fd_, events, this);
    if (error != 0) return error;
    if (events == 0) poller_.change(EPOLL_CTL_DEL, fd_, 0, this);
    wanted_ = events;
    return 0;
  }
  /// The body may destroy this entry: nothing of it is touched after the call.
  void fire(uint32_t events) {
    const uint32_t bits = from_epoll(events, wanted_);
    if (wanted_ != 0 && bits != 0) body_(argument_, bits);
  }

 private:
  Poller& poller_;
  int fd_;
  uint32_t wanted_ = 0;
  WatchBody body_;
  void* argument_;
};

Poller::Poller() : set_(::epoll_create1(EPOLL_CLOEXEC)) { FAIRLEAD_ASSERT(set_ >= 0); }

Poller::~Poller() { ::close(set_); }

base::Result<std::unique_ptr<Watch>> Poller::watch(int fd, uint32_t events, WatchBody body, void* argument) {
  auto entry = std::make_unique<Entry>(*this, fd, body, argument);
  const int error = entry->begin(events);
  if (error == 0) return entry;
  return base::fail(base::ErrorCode::failed, "cannot watch descriptor " + std::to_string(fd) + ": " +
                                                 std::system_category().message(error));
}

void Poller::dispatch() {
  for (int round = 0; round < kMaxRounds; ++round) {
    const int found = ::epoll_wait(set_, batch_.data(), static_cast<int>(batch_.size()), 0);
    count_ = found > 0 ? static_cast<size_t>(found) : 0;
    for (next_ = 0; next_ < count_;) {
      const epoll_event event = batch_[next_++];
      if (event.data.ptr != nullptr) static_cast<Entry*>(event.data.ptr)->fire(event.events);
    }
    if (count_ < kBatch) break;
  }
  next_ = count_ = 0;
}

int Poller::change(int operation, int fd, uint32_t events, Entry* entry) noexcept {
  epoll_event event{};
  event.events = to_epoll(events);
  event.data.ptr = entry;
  return ::epoll_ctl(set_, operation, fd, &event) == 0 ? 0 : errno;
}

void Poller::forget(const Entry& entry) noexcept {
  for (size_t i = next_; i < count_; ++i)
    if (batch_[i].data.ptr == &entry) batch_[i].data.ptr = nullptr;
}

}  // namespace fairlead::loop

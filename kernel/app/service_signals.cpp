#include "app/service_signals.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "base/assert.hpp"

namespace fairlead::app {
namespace {

sigset_t service_set() noexcept {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGHUP);
  return set;
}

void wait_for_signals(int signals, int end, const std::function<void(int count)>& stop,
                      const std::function<void()>& reload) {
  for (int count = 1;;) {
    std::array<pollfd, 2> wait{{{signals, POLLIN, 0}, {end, POLLIN, 0}}};
    if (::poll(wait.data(), wait.size(), -1) < 0) continue;
    if (wait[1].revents != 0) return;
    signalfd_siginfo signal{};
    if (::read(signals, &signal, sizeof(signal)) != sizeof(signal)) continue;
    if (signal.ssi_signo != SIGHUP)
      stop(count++);
    else if (reload)
      reload();
  }
}

}  // namespace

ServiceSignals::ServiceSignals() : end_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  const sigset_t set = service_set();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signals_ = kit::Descriptor(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  FAIRLEAD_ASSERT(signals_ && end_);
}

ServiceSignals::~ServiceSignals() { end_listening(); }

void ServiceSignals::end_listening() {
  ::eventfd_write(end_.get(), 1);
  if (thread_.joinable()) thread_.join();
}

void ServiceSignals::listen(std::function<void(int count)> stop, std::function<void()> reload) {
  thread_ = std::thread([this, stop = std::move(stop), reload = std::move(reload)] {
    wait_for_signals(signals_.get(), end_.get(), stop, reload);
  });
}

}  // namespace fairlead::app

#include "bench/flood.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <vector>

#include "kit/descriptor.hpp"

namespace fairlead::bench {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr uint32_t kHonestHost = INADDR_LOOPBACK, kOwnHost = INADDR_LOOPBACK + 1;
constexpr size_t kConnectsPerRound = 64;
constexpr uint64_t kMessagesPerBurst = 100;

sockaddr_in address_of(uint32_t host, uint32_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(host);
  return address;
}

sockaddr* general(sockaddr_in& address) { return static_cast<sockaddr*>(static_cast<void*>(&address)); }

/// All connections of one flood, on one thread.
class Flooder {
 public:
  Flooder(const Flood& flood, SharedCounters& shared)
      : flood_(flood), shared_(shared), poll_(::epoll_create1(EPOLL_CLOEXEC)), open_(flood.connections) {}

  void run() {
    const auto began = Clock::now();
    while (shared_.stop.load() == 0) {
      connect_some();
      look_at_ready();
      const std::chrono::duration<double> passed = Clock::now() - began;
      if (flood_.kind == Flood::Kind::forged) send_forged(passed.count());
      if (flood_.kind == Flood::Kind::slow) drip(passed.count());
    }
  }

 private:
  void connect_some() {
    for (size_t tries = 0; tries < kConnectsPerRound; ++tries) {
      const size_t at = next_++ % open_.size();
      if (open_[at]) continue;
      kit::Descriptor fd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
      sockaddr_in from = address_of(flood_.has_own_address ? kOwnHost : kHonestHost, 0);
      sockaddr_in to = address_of(kHonestHost, shared_.port);
      if (!fd || ::bind(fd.get(), general(from), sizeof from) != 0) return;
      if (::connect(fd.get(), general(to), sizeof to) != 0 && errno != EINPROGRESS) continue;
      epoll_event event{};
      event.events = EPOLLOUT | EPOLLRDHUP;
      event.data.u64 = at;
      ::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, fd.get(), &event);
      open_[at] = std::move(fd);
      shared_.received.fetch_add(1, std::memory_order_relaxed);
    }
  }

  void look_at_ready() {
    std::array<epoll_event, 256> events;
    const int count = ::epoll_wait(poll_.get(), events.data(), static_cast<int>(events.size()), 1);
    for (int i = 0; i < count; ++i) {
      const size_t at = events[static_cast<size_t>(i)].data.u64;
      const uint32_t bits = events[static_cast<size_t>(i)].events;
      if ((bits & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0)
        open_[at] = kit::Descriptor();
      else if ((bits & EPOLLOUT) != 0)
        begin(at);
    }
  }

  /// Connected: says what there is to say at once, and then only waits for the end.
  void begin(size_t at) {
    if (flood_.kind == Flood::Kind::half_open) send(at, flood_.bytes);
    if (!open_[at]) return;
    epoll_event event{};
    event.events = EPOLLRDHUP;
    event.data.u64 = at;
    ::epoll_ctl(poll_.get(), EPOLL_CTL_MOD, open_[at].get(), &event);
  }

  /// Did any of it leave?
  bool send(size_t at, base::ByteView bytes) {
    if (!open_[at]) return false;
    if (::send(open_[at].get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) return true;
    if (errno != EAGAIN) open_[at] = kit::Descriptor();
    return false;
  }

  /// Once over all connections, as long as it is behind its rate.
  void send_forged(double passed) {
    for (size_t at = 0; at < open_.size(); ++at) {
      const auto sent = static_cast<double>(shared_.logins.load(std::memory_order_relaxed));
      if (sent >= passed * static_cast<double>(flood_.per_second)) return;
      if (send(at, flood_.bytes)) shared_.logins.fetch_add(kMessagesPerBurst, std::memory_order_relaxed);
    }
  }

  void drip(double passed) {
    for (; static_cast<double>(dripped_) < passed * static_cast<double>(open_.size()); ++dripped_) {
      const size_t at = dripped_ % open_.size(), byte = dripped_ / open_.size() % flood_.bytes.size();
      send(at, base::ByteView(flood_.bytes).subspan(byte, 1));
    }
  }

  const Flood& flood_;
  SharedCounters& shared_;
  kit::Descriptor poll_;
  std::vector<kit::Descriptor> open_;
  size_t next_ = 0, dripped_ = 0;
};

}  // namespace

int run_flood(const Flood& flood, SharedCounters& shared) {
  rlimit descriptors{};
  if (::getrlimit(RLIMIT_NOFILE, &descriptors) != 0) return 1;
  descriptors.rlim_cur = descriptors.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &descriptors) != 0 || descriptors.rlim_cur < flood.connections + 50)
    return 1;
  Flooder(flood, shared).run();
  return 0;
}

}  // namespace fairlead::bench

// The sockets of layer "tcp": all addresses at once.
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

#include "doctor/tcp.hpp"

namespace fairlead::doctor {
namespace {

/// One address on its way.
struct Attempt {
  TcpFact fact;
  kit::Descriptor socket;
  bool under_way = false;
};

Attempt start(const NetAddress& to) {
  Attempt attempt{{.address = to.text},
                  kit::Descriptor(::socket(to.family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0))};
  const auto* address = static_cast<const sockaddr*>(static_cast<const void*>(to.raw.data()));
  if (attempt.socket && ::connect(attempt.socket.get(), address, static_cast<socklen_t>(to.raw.size())) == 0)
    return attempt;
  attempt.fact.error = errno;
  attempt.under_way = attempt.socket && errno == EINPROGRESS;
  return attempt;
}

int result_of(int fd) {
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

/// Those that wait, for poll(); the others have a descriptor that poll() passes over.
std::vector<pollfd> polled(const std::vector<Attempt>& attempts) {
  std::vector<pollfd> all;
  all.reserve(attempts.size());
  for (const Attempt& one : attempts) all.push_back({one.under_way ? one.socket.get() : -1, POLLOUT, 0});
  return all;
}

bool any_under_way(const std::vector<Attempt>& attempts) {
  for (const Attempt& one : attempts)
    if (one.under_way) return true;
  return false;
}

void wait_for(std::vector<Attempt>& attempts, const base::Clock& clock, base::MonoTime deadline) {
  const base::MonoTime began = clock.mono();
  while (any_under_way(attempts)) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock.mono()).count();
    std::vector<pollfd> all = polled(attempts);
    if (left > 0 && ::poll(all.data(), all.size(), static_cast<int>(std::min<int64_t>(left, 60'000))) < 0 &&
        errno != EINTR)
      return;
    for (size_t i = 0; i < attempts.size(); ++i) {
      Attempt& one = attempts[i];
      if (!one.under_way || (all[i].revents == 0 && left > 0)) continue;
      one.under_way = false;
      one.fact.error = all[i].revents == 0 ? ETIMEDOUT : result_of(one.socket.get());
      one.fact.took = std::chrono::duration_cast<std::chrono::microseconds>(clock.mono() - began);
    }
  }
}

}  // namespace

Rows tcp_layer(Patient& patient) {
  std::vector<Attempt> attempts;
  for (const NetAddress& one : patient.addresses) attempts.push_back(start(one));
  wait_for(attempts, patient.clock, patient.deadline());
  std::vector<TcpFact> facts;
  for (Attempt& one : attempts) {
    facts.push_back(one.fact);
    if (one.fact.error != 0 || patient.socket) continue;
    patient.socket = std::move(one.socket);
    patient.peer = one.fact.address;
  }
  return judge_tcp(facts, patient.patience, patient.proxy ? FirstHop::proxy : FirstHop::server);
}

kit::Descriptor connect_again(const Patient& patient) {
  for (const NetAddress& one : patient.addresses) {
    if (one.text != patient.peer) continue;
    std::vector<Attempt> attempts;
    attempts.push_back(start(one));
    wait_for(attempts, patient.clock, patient.deadline());
    if (attempts.front().fact.error == 0) return std::move(attempts.front().socket);
  }
  return {};
}

}  // namespace fairlead::doctor

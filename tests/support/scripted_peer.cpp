#include "support/scripted_peer.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "base/assert.hpp"

namespace fairlead::support {
namespace {

/// False when the other side has closed.
bool send_all(int fd, const std::string& bytes) {
  return bytes.empty() ||
         ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
}

}  // namespace

ScriptedPeer::ScriptedPeer(std::vector<Script> scripts)
    : scripts_(std::move(scripts)), listening_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  void* const raw = &address;
  socklen_t size = sizeof address;
  FAIRLEAD_ASSERT(::bind(listening_.get(), static_cast<sockaddr*>(raw), size) == 0);
  FAIRLEAD_ASSERT(::listen(listening_.get(), 8) == 0);
  FAIRLEAD_ASSERT(::getsockname(listening_.get(), static_cast<sockaddr*>(raw), &size) == 0);
  port_ = std::to_string(ntohs(address.sin_port));
  thread_ = std::thread([this] { run(); });
}

ScriptedPeer::~ScriptedPeer() {
  ::shutdown(listening_.get(), SHUT_RDWR);
  thread_.join();
}

std::string ScriptedPeer::received() const {
  const std::lock_guard lock(mutex_);
  return received_;
}

bool ScriptedPeer::has_lost_one() const {
  for (int i = 0; i < 2000; ++i) {
    {
      const std::lock_guard lock(mutex_);
      if (ended_ > 0) return true;
    }
    ::poll(nullptr, 0, 10);
  }
  return false;
}

void ScriptedPeer::run() {
  for (size_t i = 0;; ++i) {
    const kit::Descriptor one(::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!one) return;
    play(one.get(), scripts_[std::min(i, scripts_.size() - 1)]);
    const std::lock_guard lock(mutex_);
    ++ended_;
  }
}

void ScriptedPeer::play(int fd, const Script& script) {
  std::array<char, 4096> room;
  const auto read_some = [&] {
    const ssize_t got = ::recv(fd, room.data(), room.size(), 0);
    const std::lock_guard lock(mutex_);
    if (got > 0) received_.append(room.data(), static_cast<size_t>(got));
    return got > 0;
  };
  for (const std::string& answer : script.answers)
    if (!read_some() || !send_all(fd, answer)) return;
  while (!script.endless.empty() && send_all(fd, script.endless)) {
  }
  while (script.end == Script::End::waits && read_some()) {
  }
}

}  // namespace fairlead::support

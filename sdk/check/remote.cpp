#include "remote.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "verdict.hpp"

namespace fairlead::check {

void Channel::tell(const std::string& line) const {
  const std::string whole = line + "\n";
  demand(::write(writes_, whole.data(), whole.size()) == static_cast<ssize_t>(whole.size()),
         "the other process of this check is gone");
}

std::string Channel::hear() const {
  constexpr int kLimitMs = 5'000;
  std::string line;
  for (;;) {
    pollfd asked{reads_, POLLIN, 0};
    demand(::poll(&asked, 1, kLimitMs) == 1, "the other process of this check did not answer within 5 s");
    char byte = 0;
    demand(::read(reads_, &byte, 1) == 1, "the other process of this check ended too early");
    if (byte == '\n') break;
    line += byte;
  }
  // A failure over there is this check's failure.
  if (line.starts_with("failed: ")) fail("in the other process: " + line.substr(8));
  return line;
}

Remote::Remote(const std::function<void(const Channel&)>& body) {
  std::array<int, 2> here{}, there{};
  demand(::pipe2(here.data(), O_CLOEXEC) == 0 && ::pipe2(there.data(), O_CLOEXEC) == 0,
         "the kit itself has no descriptors left");
  process_ = ::fork();
  demand(process_ >= 0, "the kit cannot start another process");
  if (process_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::close(here[0]);
    ::close(there[1]);
    const Channel channel(there[0], here[1]);
    try {
      body(channel);
    } catch (const std::exception& error) {
      channel.tell(std::string("failed: ") + error.what());
    }
    ::_exit(0);
  }
  ::close(here[1]);
  ::close(there[0]);
  reads_ = here[0];
  writes_ = there[1];
  channel_ = Channel(reads_, writes_);
}

Remote::~Remote() {
  kill();
  ::close(reads_);
  ::close(writes_);
}

void Remote::kill() {
  const pid_t process = std::exchange(process_, -1);
  if (process < 0) return;
  ::kill(process, SIGKILL);
  ::waitpid(process, nullptr, 0);
}

}  // namespace fairlead::check

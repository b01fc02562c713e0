/// A real loop on this thread that a test runs until something happened.
#pragma once
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <memory>

#include "loop/loop.hpp"

namespace fairlead::support {

/// Both ends of a connected pair of sockets, closed at the end.
struct SocketPair {
  SocketPair() {
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()), 0);
  }
  ~SocketPair() {
    close_one(0);
    close_one(1);
  }
  SocketPair(const SocketPair&) = delete;
  SocketPair& operator=(const SocketPair&) = delete;
  void close_one(size_t which) {
    if (ends[which] >= 0) ::close(ends[which]);
    ends[which] = -1;
  }
  void put(size_t which) { EXPECT_EQ(::write(ends[which], "x", 1), 1); }
  void drain(size_t which) {
    std::array<char, 64> bytes;
    while (::read(ends[which], bytes.data(), bytes.size()) > 0) {
    }
  }
  std::array<int, 2> ends{-1, -1};
};

class GivenLoop : public ::testing::Test {
 protected:
  /// Runs the loop until somebody calls loop->stop(); a loop that hangs fails the test.
  void run() {
    const auto patience = loop->after(std::chrono::seconds(20), [this] {
      ADD_FAILURE() << "the loop waited in vain";
      loop->stop();
    });
    loop->run();
  }
  /// Runs a few turns: what is ready now is handled, and handled again if it repeats.
  void run_turns(int turns) {
    count_down(turns);
    run();
  }

  base::SystemClock clock;
  std::unique_ptr<loop::Loop> loop = loop::make_loop(clock);

 private:
  // By timers, because a loop that has ended once takes posts only while it runs again.
  void count_down(int turns) {
    next_ = loop->after(std::chrono::nanoseconds(0), [this, turns] {
      if (turns > 1)
        count_down(turns - 1);
      else
        loop->stop();
    });
  }

  std::unique_ptr<loop::Timer> next_;
};

/// A watch's body over a function.
inline void call(void* function, uint32_t events) {
  (*static_cast<std::function<void(uint32_t)>*>(function))(events);
}

}  // namespace fairlead::support

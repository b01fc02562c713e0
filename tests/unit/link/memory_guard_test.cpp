#include "link/memory_guard.hpp"

#include <gtest/gtest.h>

#include "support/manual_loop.hpp"

namespace fairlead::link {
namespace {

using namespace std::chrono_literals;

struct Nobody final : PipeEvents {
  void pipe_opened() override {}
  bool pipe_frame(const frame::FrameView&, const base::BlockRef&) override { return true; }
  void pipe_broken(base::Refusal) override {}
  void pipe_drained() override {}
  void pipe_closed(plugin::CloseReason, const std::string&) override {}
};

constexpr size_t kCap = 10u << 20, kMuch = MemoryGuard::kMuch;

/// A guard over ten MiB and two pipes without a connection.
struct Watched {
  /// Lends what brings the pool to this part of the cap.
  void use(size_t percent) {
    lent.clear();
    while (pool.lent_bytes() + 65536 <= kCap / 100 * percent + 65535) lent.push_back(pool.take(65536));
  }

  support::FakeClock clock;
  support::ManualLoop loop{clock};
  loop::BufferPool pool{0};
  Flusher flusher{loop};
  Nobody nobody;
  Pipe pipe{nobody, flusher, pool}, other{nobody, flusher, pool};
  int shed = 0;
  MemoryGuard guard{loop, pool, kCap, [this] { ++shed; }};
  std::vector<base::BlockRef> lent;
};

TEST(MemoryGuard, LetsEverybodyReadWhileThereIsRoom) {
  Watched watched;
  watched.use(70);

  watched.guard.check(watched.pipe, kCap);

  EXPECT_FALSE(watched.pipe.is_paused());
  EXPECT_TRUE(watched.guard.takes_logins());
}

TEST(MemoryGuard, PausesFirstWhoHoldsMuch) {
  Watched watched;
  watched.use(81);

  watched.guard.check(watched.pipe, kMuch);
  watched.guard.check(watched.other, kMuch - 1);

  EXPECT_TRUE(watched.pipe.is_paused());
  EXPECT_FALSE(watched.other.is_paused());
  EXPECT_TRUE(watched.guard.takes_logins());
}

TEST(MemoryGuard, PausesEverybodyBeforeItIsTooLate) {
  Watched watched;
  watched.use(91);

  watched.guard.check(watched.other, 0);

  EXPECT_TRUE(watched.other.is_paused());
  EXPECT_FALSE(watched.guard.takes_logins());
}

TEST(MemoryGuard, GoesOnReadingOnceThereIsRoomAgain) {
  Watched watched;
  watched.use(81);
  watched.guard.check(watched.pipe, kMuch);
  watched.use(75);
  watched.loop.advance(1s);
  EXPECT_TRUE(watched.pipe.is_paused());

  watched.use(60);
  watched.loop.advance(1s);

  EXPECT_FALSE(watched.pipe.is_paused());
  EXPECT_EQ(watched.shed, 0);
}

TEST(MemoryGuard, EndsTheLargestWhenNearlyNothingIsLeft) {
  Watched watched;
  watched.use(96);
  watched.guard.check(watched.pipe, 0);

  watched.loop.advance(MemoryGuard::kLook);

  EXPECT_EQ(watched.shed, 1);
}

TEST(MemoryGuard, EndsTheLargestWhenNothingMovesForTenSeconds) {
  Watched watched;
  watched.use(81);
  watched.guard.check(watched.pipe, kMuch);

  watched.loop.advance(MemoryGuard::kPatience - 1ms);
  EXPECT_EQ(watched.shed, 0);
  watched.loop.advance(MemoryGuard::kLook);

  EXPECT_EQ(watched.shed, 1);
}

TEST(MemoryGuard, ForgetsPipesThatAreClosed) {
  Watched watched;
  watched.use(81);
  watched.guard.check(watched.pipe, kMuch);

  watched.guard.forget(watched.pipe);
  watched.use(10);
  watched.loop.advance(1s);

  EXPECT_TRUE(watched.pipe.is_paused());
}

}  // namespace
}  // namespace fairlead::link

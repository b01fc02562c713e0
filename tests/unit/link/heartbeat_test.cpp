#include "link/heartbeat.hpp"

#include <gtest/gtest.h>

#include "support/manual_loop.hpp"

namespace fairlead::link {
namespace {

using namespace std::chrono_literals;

struct Watched {
  support::FakeClock clock;
  support::ManualLoop loop{clock};
  uint64_t received = 0;
  int beats = 0, deaths = 0;
  Heartbeat heartbeat{
      loop,
      10s,
      {.received = [this] { return received; }, .beat = [this] { ++beats; }, .dead = [this] { ++deaths; }}};
};

TEST(Heartbeat, BeatsEachInterval) {
  Watched watched;

  for (int i = 0; i < 5; ++i) {
    ++watched.received;
    watched.loop.advance(10s);
  }

  EXPECT_EQ(watched.beats, 5);
  EXPECT_EQ(watched.deaths, 0);
}

TEST(Heartbeat, SilentPeerIsDeadAfterThreeIntervals) {
  Watched watched;

  watched.loop.advance(29s);
  EXPECT_EQ(watched.deaths, 0);
  watched.loop.advance(1s);

  EXPECT_EQ(watched.beats, 2);
  EXPECT_EQ(watched.deaths, 1);
}

TEST(Heartbeat, HalfOpenLinkIsFoundWithinThirtyFiveSeconds) {
  Watched watched;
  watched.loop.advance(10s);
  ++watched.received;  // right after a look: noticed only at the next one

  watched.loop.advance(35s);

  EXPECT_EQ(watched.deaths, 1);
}

TEST(Heartbeat, AnythingReceivedCountsAsLife) {
  Watched watched;
  watched.loop.advance(25s);

  ++watched.received;
  watched.loop.advance(25s);

  EXPECT_EQ(watched.deaths, 0);
}

}  // namespace
}  // namespace fairlead::link

#include "link/frame_pace.hpp"

#include <gtest/gtest.h>

namespace fairlead::link {
namespace {

using namespace std::chrono_literals;

constexpr base::MonoTime kStart{1h};
constexpr FramePace::Seen kBegun{.frames = 3, .bytes = 1000, .is_within = true};

TEST(FramePace, GivesAnyFrameThirtySeconds) {
  FramePace pace;
  pace.is_too_slow(kBegun, kStart);

  EXPECT_FALSE(pace.is_too_slow(kBegun, kStart + 30s));
  EXPECT_TRUE(pace.is_too_slow(kBegun, kStart + 31s));
}

TEST(FramePace, WantsFourKiBASecondAfterThat) {
  FramePace fast, slow;
  fast.is_too_slow(kBegun, kStart);
  slow.is_too_slow(kBegun, kStart);

  EXPECT_FALSE(fast.is_too_slow({3, 1000 + 60 * 4096, true}, kStart + 60s));
  EXPECT_TRUE(slow.is_too_slow({3, 1000 + 60 * 4096 - 1, true}, kStart + 60s));
}

TEST(FramePace, StartsAnewWithEachFrame) {
  FramePace pace;
  pace.is_too_slow(kBegun, kStart);

  EXPECT_FALSE(pace.is_too_slow({4, 1500, true}, kStart + 40s));
  EXPECT_FALSE(pace.is_too_slow({4, 1500, true}, kStart + 70s));
  EXPECT_TRUE(pace.is_too_slow({4, 1500, true}, kStart + 71s));
}

TEST(FramePace, HasNothingAgainstAQuietConnection) {
  FramePace pace;
  pace.is_too_slow({3, 1000, false}, kStart);

  EXPECT_FALSE(pace.is_too_slow({3, 1000, false}, kStart + 1h));
  EXPECT_FALSE(pace.is_too_slow(kBegun, kStart + 2h));
  EXPECT_FALSE(pace.is_too_slow(kBegun, kStart + 2h + 30s));
}

TEST(FramePace, DoesNotCountTimeInWhichNobodyRead) {
  FramePace pace;
  pace.is_too_slow(kBegun, kStart);

  pace.restart();

  EXPECT_FALSE(pace.is_too_slow(kBegun, kStart + 40s));
  EXPECT_TRUE(pace.is_too_slow(kBegun, kStart + 71s));
}

}  // namespace
}  // namespace fairlead::link

#include "link/rate.hpp"

#include <gtest/gtest.h>

namespace fairlead::link {
namespace {

using namespace std::chrono_literals;

constexpr base::MonoTime kStart{1h};

int takes(Rate& rate, base::MonoTime now) {
  int count = 0;
  while (count < 1000 && rate.take(now)) ++count;
  return count;
}

TEST(Rate, AllowsABurstAndNoMore) {
  Rate rate(5, 2);

  EXPECT_EQ(takes(rate, kStart), 5);
}

TEST(Rate, RefillsWithTime) {
  Rate rate(5, 2);
  takes(rate, kStart);

  EXPECT_EQ(takes(rate, kStart + 499ms), 0);
  EXPECT_EQ(takes(rate, kStart + 1s), 2);
}

TEST(Rate, NeverSavesMoreThanABurst) {
  Rate rate(5, 2);
  takes(rate, kStart);

  EXPECT_EQ(takes(rate, kStart + 1h), 5);
}

TEST(Rate, TakesWhatIsEarnedOtherwise) {
  Rate rate(5, 2);
  takes(rate, kStart);

  rate.give(3);

  EXPECT_EQ(takes(rate, kStart), 3);
}

TEST(Rate, IsNotRefilledByAClockThatStandsStill) {
  Rate rate(5, 2);
  takes(rate, kStart);

  EXPECT_FALSE(rate.take(kStart));
  EXPECT_FALSE(rate.take(kStart - 1min));
  EXPECT_FALSE(rate.take(kStart));
}

}  // namespace
}  // namespace fairlead::link

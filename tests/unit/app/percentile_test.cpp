#include "app/percentile.hpp"

#include <gtest/gtest.h>

namespace fairlead::app {
namespace {

TEST(Percentile, OfOneValueIsThatValue) { EXPECT_EQ(percentile({7}, 99), 7u); }

TEST(Percentile, MiddleOfAnEvenNumberIsTheLowerOne) { EXPECT_EQ(percentile({1, 2, 3, 4}, 50), 2u); }

TEST(Percentile, NinetyNineOfAHundredIsTheNinetyNinth) {
  std::vector<uint64_t> values;
  for (uint64_t i = 1; i <= 100; ++i) values.push_back(i);

  EXPECT_EQ(percentile(values, 99), 99u);
}

TEST(Percentile, HundredIsTheLargest) { EXPECT_EQ(percentile({1, 2, 9}, 100), 9u); }

}  // namespace
}  // namespace fairlead::app

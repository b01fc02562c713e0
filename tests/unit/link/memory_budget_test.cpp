#include "link/memory_budget.hpp"

#include <gtest/gtest.h>

namespace fairlead::link {
namespace {

constexpr uint64_t kCap = 1000;

TEST(MemoryBudget, StepsUpAtEachThreshold) {
  MemoryBudget budget(kCap);

  EXPECT_EQ(budget.update(799), Pressure::none);
  EXPECT_EQ(budget.update(800), Pressure::reading);
  EXPECT_EQ(budget.update(899), Pressure::reading);
  EXPECT_EQ(budget.update(900), Pressure::logins);
  EXPECT_EQ(budget.update(949), Pressure::logins);
  EXPECT_EQ(budget.update(950), Pressure::shedding);
  EXPECT_EQ(budget.update(5000), Pressure::shedding);
}

TEST(MemoryBudget, ReadsAgainOnlyBelowSeventyPercent) {
  MemoryBudget budget(kCap);
  budget.update(950);

  EXPECT_EQ(budget.update(700), Pressure::reading);
  EXPECT_EQ(budget.update(699), Pressure::none);
  EXPECT_EQ(budget.update(750), Pressure::none);
}

TEST(MemoryBudget, IsAQuarterOfTheMachineAtMost) {
  EXPECT_GT(default_memory_cap(), uint64_t{16} << 20);
  EXPECT_LT(default_memory_cap(), uint64_t{1} << 45);
}

}  // namespace
}  // namespace fairlead::link

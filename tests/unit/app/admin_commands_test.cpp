#include "app/admin_commands.hpp"

#include <gtest/gtest.h>

namespace fairlead::app {
namespace {

TEST(AgeText, HasTwoUnitsAtMost) {
  EXPECT_EQ(age_text(0), "0s");
  EXPECT_EQ(age_text(59), "59s");
  EXPECT_EQ(age_text(60), "1m 0s");
  EXPECT_EQ(age_text(3599), "59m 59s");
  EXPECT_EQ(age_text(3600), "1h 0m");
  EXPECT_EQ(age_text(86399), "23h 59m");
  EXPECT_EQ(age_text(86400 * 3 + 3600 * 4 + 59), "3d 4h");
  EXPECT_EQ(age_text(-1), "over");
}

TEST(TimeText, IsUtc) {
  EXPECT_EQ(time_text(0), "1970-01-01 00:00:00");
  EXPECT_EQ(time_text(1'767'323'045'678), "2026-01-02 03:04:05");
}

}  // namespace
}  // namespace fairlead::app

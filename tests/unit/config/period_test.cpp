#include "config/period.hpp"

#include <gtest/gtest.h>

namespace fairlead::config {
namespace {

using namespace std::chrono_literals;

TEST(Period, IsANumberAndAUnit) {
  EXPECT_EQ(parse_period("1s"), 1s);
  EXPECT_EQ(parse_period("90m"), 90min);
  EXPECT_EQ(parse_period("12h"), 12h);
  EXPECT_EQ(parse_period("30d"), std::chrono::days(30));
}

TEST(Period, LastsTenYearsAtMost) {
  EXPECT_EQ(parse_period("3649d"), std::chrono::days(3649));
  EXPECT_EQ(parse_period("3650d"), std::chrono::days(3650));
  EXPECT_FALSE(parse_period("3651d").has_value());
  EXPECT_FALSE(parse_period("4294967295d").has_value());
}

TEST(Period, RefusesEverythingElse) {
  for (const char* text :
       {"", "30", "d", "0d", "-1d", "1.5d", "30 d", " 30d", "30D", "30days", "1w", "99999999999s"})
    EXPECT_FALSE(parse_period(text).has_value()) << text;
}

TEST(Period, SaysWhichFormsThereAre) {
  const auto wrong = parse_period("soon");

  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(base::exit_code(wrong.error().code), 4);
  EXPECT_EQ(wrong.error().line(),
            "\"soon\" is not a period; write a number and s, m, h or d, at most 3650d: 12h, 30d");
}

}  // namespace
}  // namespace fairlead::config

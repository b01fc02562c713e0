#include "base/log.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace fairlead::base {
namespace {

std::string logged(LogFormat format, LogLevel level, std::string_view value) {
  testing::internal::CaptureStderr();
  make_stderr_log(LogLevel::info, format)
      ->write(level, "link.closed", {{"peer", value}, {"count", uint64_t{3}}});
  return testing::internal::GetCapturedStderr();
}

TEST(LogLines, OneEventIsOneLine) {
  const std::string line = logged(LogFormat::text, LogLevel::warning, "a\nerror fake.event x=\"y\"");
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  EXPECT_TRUE(line.ends_with("warning link.closed peer=\"a\\nerror fake.event x=\\\"y\\\"\" count=3\n"))
      << line;
  EXPECT_TRUE(
      logged(LogFormat::text, LogLevel::info, "site-1").ends_with(" info link.closed peer=site-1 count=3\n"));
}

TEST(LogLines, JsonIsAnObject) {
  const std::string line = logged(LogFormat::json, LogLevel::error, "a\n\"");
  EXPECT_TRUE(line.ends_with(
      "\"level\":\"error\",\"event\":\"link.closed\",\"peer\":\"a\\n\\\"\",\"count\":\"3\"}\n"))
      << line;
}

TEST(LogLines, BelowTheLevelNothingIsWritten) {
  EXPECT_EQ(logged(LogFormat::text, LogLevel::debug, "x"), "");
}

TEST(LogOptions, ParseExactly) {
  EXPECT_EQ(parse_log_level("warning"), LogLevel::warning);
  EXPECT_EQ(parse_log_format("json"), LogFormat::json);
  EXPECT_FALSE(parse_log_level("WARN"));
  EXPECT_FALSE(parse_log_format("xml"));
}

}  // namespace
}  // namespace fairlead::base

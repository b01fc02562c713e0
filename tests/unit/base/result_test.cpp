#include "base/result.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/refusal.hpp"

namespace fairlead::base {
namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return fail(ErrorCode::failed, "odd");
  return number / 2;
}

Result<int> quarter(int number) {
  FAIRLEAD_TRY(const int once, half(number));
  FAIRLEAD_TRY(half(once));
  return half(once);
}

TEST(Try, PassesValuesOnAndErrorsUp) {
  EXPECT_EQ(quarter(8), 2);
  ASSERT_FALSE(quarter(6));
  EXPECT_EQ(quarter(6).error().text, "odd");
}

TEST(ErrorLine, JoinsOriginTextAndHint) {
  EXPECT_EQ((Error{ErrorCode::failed, "text"}).line(), "text");
  EXPECT_EQ((Error{ErrorCode::failed, "text", "do this"}).line(), "text; do this");
  EXPECT_EQ((Error{ErrorCode::failed, "text", "do this", "a.yml:1:2"}).line(), "a.yml:1:2: text; do this");
}

TEST(ErrorCodes, HaveTheExitCodesOfTheCommand) {
  const std::pair<ErrorCode, int> expected[] = {
      {ErrorCode::refused, 1},   {ErrorCode::failed, 1},        {ErrorCode::cannot_connect, 2},
      {ErrorCode::timed_out, 3}, {ErrorCode::bad_arguments, 4}, {ErrorCode::bad_configuration, 4},
      {ErrorCode::internal, 5}};
  for (const auto& [code, exit] : expected) EXPECT_EQ(exit_code(code), exit) << name(code);
  EXPECT_STREQ(name(ErrorCode::bad_configuration), "bad_configuration");
}

TEST(Refusals, EveryCodeHasItsOwnName) {
  std::vector<std::string_view> seen;
  for (int code = 0; code < 256; ++code) {
    const auto refusal = refusal_from_code(static_cast<uint8_t>(code));
    if (!refusal) continue;
    EXPECT_EQ(static_cast<int>(*refusal), code);
    EXPECT_EQ(std::count(seen.begin(), seen.end(), name(*refusal)), 0) << name(*refusal);
    seen.push_back(name(*refusal));
  }
  EXPECT_EQ(seen.size(), 36u);
}

TEST(Refusals, NamesAndNumbersAreAContract) {
  EXPECT_EQ(name(Refusal::malformed), "malformed");
  EXPECT_EQ(static_cast<int>(Refusal::malformed), 1);
  EXPECT_EQ(static_cast<int>(Refusal::id_reused), 14);
  EXPECT_EQ(static_cast<int>(Refusal::not_allowed), 32);
  EXPECT_EQ(static_cast<int>(Refusal::busy), 36);
  EXPECT_EQ(static_cast<int>(Refusal::login_refused), 64);
  EXPECT_EQ(name(Refusal::login_timeout), "login_timeout");
  EXPECT_EQ(static_cast<int>(Refusal::login_timeout), 80);
  EXPECT_FALSE(refusal_from_code(0));
  EXPECT_FALSE(refusal_from_code(15));
}

}  // namespace
}  // namespace fairlead::base

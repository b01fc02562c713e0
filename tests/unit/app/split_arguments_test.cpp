#include "app/split_arguments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fairlead::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(SplitArguments, SplitsAtRunsOfBlanks) {
  EXPECT_THAT(*split_arguments("  cat\t-n   file "), ElementsAre("cat", "-n", "file"));
}

TEST(SplitArguments, KeepsBlanksInsideQuotes) {
  EXPECT_THAT(*split_arguments(R"(echo "a b" 'c "d' e" f"g)"), ElementsAre("echo", "a b", "c \"d", "e fg"));
}

TEST(SplitArguments, KeepsAnEmptyQuotedWord) {
  EXPECT_THAT(*split_arguments("echo ''"), ElementsAre("echo", ""));
}

TEST(SplitArguments, TakesTheCharacterAfterABackslashLiterally) {
  EXPECT_THAT(*split_arguments(R"(a\ b "c\"d" 'e\f')"), ElementsAre("a b", "c\"d", "e\\f"));
}

TEST(SplitArguments, ExpandsNothing) {
  EXPECT_THAT(*split_arguments("echo $HOME *;id"), ElementsAre("echo", "$HOME", "*;id"));
}

TEST(SplitArguments, RefusesAnOpenQuote) {
  const auto words = split_arguments("echo 'a");

  ASSERT_FALSE(words.has_value());
  EXPECT_EQ(words.error().code, base::ErrorCode::bad_arguments);
  EXPECT_THAT(words.error().text, HasSubstr("a quote is open"));
}

TEST(SplitArguments, RefusesABackslashAtTheEnd) { EXPECT_FALSE(split_arguments("echo \\").has_value()); }

TEST(SplitArguments, RefusesNoWordAtAll) { EXPECT_FALSE(split_arguments("  ").has_value()); }

TEST(SplitHandler, SplitsAtTheFirstEqualsSign) {
  const auto handler = split_handler("train=env A=b run");

  EXPECT_EQ(handler->first, "train");
  EXPECT_THAT(handler->second, ElementsAre("env", "A=b", "run"));
}

TEST(SplitHandler, RefusesAMissingTopic) { EXPECT_FALSE(split_handler("=cat").has_value()); }

TEST(SplitHandler, RefusesAMissingCommand) { EXPECT_FALSE(split_handler("train=").has_value()); }

TEST(SplitHandler, RefusesAnArgumentWithoutEqualsSign) { EXPECT_FALSE(split_handler("train").has_value()); }

}  // namespace
}  // namespace fairlead::app

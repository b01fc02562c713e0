#include "config/diagnostics.hpp"

#include "given.hpp"

namespace fairlead::config {
namespace {

TEST(Diagnostics, PrintsPositionLineAndCaret) {
  Diagnostics diagnostics("f.yml", "a: 1\nb: 2\n");

  diagnostics.error({2, 4}, "wrong", "do right");

  EXPECT_EQ(diagnostics.print(), "f.yml:2:4: wrong; do right\n    b: 2\n       ^\n");
}

TEST(Diagnostics, CountsCharactersNotBytes) {
  Diagnostics diagnostics("f.yml", "\xC3\xA4: \xE2\x82\xAC x");

  diagnostics.error({1, 6}, "wrong");

  EXPECT_EQ(diagnostics.print(), "f.yml:1:6: wrong\n    \xC3\xA4: \xE2\x82\xAC x\n         ^\n");
}

TEST(Diagnostics, SortsByPosition) {
  Diagnostics diagnostics("f.yml");

  diagnostics.error({3, 1}, "late");
  diagnostics.error({1, 2}, "early");

  EXPECT_EQ(diagnostics.print(), "f.yml:1:2: early\nf.yml:3:1: late\n");
}

TEST(Diagnostics, TellsTheFirstAndHowManyMore) {
  Diagnostics diagnostics("f.yml");
  diagnostics.error({1, 1}, "one", "hint");
  diagnostics.error({2, 1}, "two");
  diagnostics.error({3, 1}, "three");

  const base::Error first = diagnostics.first();

  EXPECT_EQ(first.code, base::ErrorCode::bad_configuration);
  EXPECT_EQ(first.line(), "f.yml:1:1: one (and 2 more errors); hint");
}

TEST(Diagnostics, PrintsAtMostFifty) {
  Diagnostics diagnostics("f.yml");
  for (int i = 1; i <= 52; ++i) diagnostics.error({i, 1}, "wrong");

  const std::string text = diagnostics.print();

  EXPECT_NE(text.find("f.yml:50:1:"), std::string::npos);
  EXPECT_EQ(text.find("f.yml:51:1:"), std::string::npos);
  EXPECT_NE(text.find("2 more errors"), std::string::npos);
}

TEST(Diagnostics, ShowsAWindowOfALongLine) {
  Diagnostics diagnostics("f.yml", filled(5000, 'x') + "!" + filled(5000, 'y'));

  diagnostics.error({1, 5001}, "here");

  EXPECT_LT(diagnostics.print().size(), 400u);
  EXPECT_NE(diagnostics.print().find("x!y"), std::string::npos);
}

TEST(Diagnostics, KeepsControlCharactersFromTheTerminal) {
  Diagnostics diagnostics("f.yml", "a\x1b[31m");

  diagnostics.error({1, 2}, "odd \x1b here");

  EXPECT_EQ(diagnostics.print().find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace fairlead::config

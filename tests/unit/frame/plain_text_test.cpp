#include "frame/plain_text.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <string>

namespace fairlead::frame {
namespace {

using namespace std::string_view_literals;

/// A text at the end of its page; whoever reads on behind it dies.
class TextBeforeNothing {
 public:
  explicit TextBeforeNothing(std::string_view text)
      : pages_(::mmap(nullptr, 2 * page_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)),
        text_(static_cast<char*>(pages_) + page_ - text.size(), text.size()) {
    std::copy(text.begin(), text.end(), static_cast<char*>(pages_) + page_ - text.size());
    EXPECT_EQ(::mprotect(static_cast<char*>(pages_) + page_, page_, PROT_NONE), 0);
  }
  ~TextBeforeNothing() { ::munmap(pages_, 2 * page_); }
  TextBeforeNothing(const TextBeforeNothing&) = delete;
  TextBeforeNothing& operator=(const TextBeforeNothing&) = delete;

  std::string_view get() const { return text_; }

 private:
  size_t page_ = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  void* pages_;
  std::string_view text_;
};

TEST(PlainText, TakesEveryLengthOfCharacter) {
  for (const auto good :
       {""sv, "a"sv, "~"sv, "\xC2\xA0"sv, "\xDF\xBF"sv, "\xE0\xA0\x80"sv, "\xED\x9F\xBF"sv, "\xEE\x80\x80"sv,
        "\xEF\xBF\xBF"sv, "\xF0\x90\x80\x80"sv, "\xF4\x8F\xBF\xBF"sv, "sm\xC3\xB8r \xF0\x9F\xA7\x88"sv})
    EXPECT_TRUE(is_plain_text(good)) << good;
}

TEST(PlainText, RefusesControlCharacters) {
  for (const auto bad : {"\0"sv, "\n"sv, "\x1F"sv, "\x7F"sv, "\xC2\x80"sv, "\xC2\x9F"sv, "a\nb"sv})
    EXPECT_FALSE(is_plain_text(bad)) << bad;
}

TEST(PlainText, RefusesCharactersThatStartInTheMiddle) {
  for (const auto bad : {"\x80"sv, "\xBF"sv, "\xA0\xA0"sv, "\x9F\xBF"sv, "a\x80z"sv})
    EXPECT_FALSE(is_plain_text(bad)) << bad;
}

TEST(PlainText, RefusesCharactersThatEndTooEarly) {
  for (const auto bad :
       {"\xC2"sv, "\xE0\xA0"sv, "\xF0\x90\x80"sv, "\xC2z"sv, "\xE1\x80z"sv, "\xF1\x80\x80z"sv})
    EXPECT_FALSE(is_plain_text(bad)) << bad;
  for (const auto cut : {"a\xC3"sv, "\xE2\x82"sv, "\xF0\x9F\xA7"sv})
    EXPECT_FALSE(is_plain_text(TextBeforeNothing(cut).get())) << cut;
  // The bytes behind the text would make it whole.
  EXPECT_FALSE(is_plain_text("\xE2\x82\xAC"sv.substr(0, 2)));
  EXPECT_FALSE(is_plain_text("\xC3\xB8"sv.substr(0, 1)));
}

TEST(PlainText, RefusesOverlongForms) {
  for (const auto bad : {"\xC0\x80"sv, "\xC0\xAF"sv, "\xC1\xA1"sv, "\xE0\x80\xAF"sv, "\xE0\x9F\xBF"sv,
                         "\xF0\x80\x80\xAF"sv, "\xF0\x8F\xBF\xBF"sv})
    EXPECT_FALSE(is_plain_text(bad)) << bad;
}

TEST(PlainText, RefusesCodesThatAreNoCharacters) {
  for (const auto bad :
       {"\xED\xA0\x80"sv, "\xED\xBF\xBF"sv, "\xF4\x90\x80\x80"sv, "\xF5\x80\x80\x80"sv, "\xFF"sv})
    EXPECT_FALSE(is_plain_text(bad)) << bad;
}

TEST(Address, TakesPartsWithSingleSlashes) {
  for (const auto good :
       {"a"sv, "site-1"sv, "site-1/app"sv, "lead@pie.org"sv, "a/b/c"sv, "._%+-@"sv, "AZaz09"sv})
    EXPECT_TRUE(is_address(good)) << good;
}

TEST(Address, RefusesEmptyParts) {
  for (const auto bad : {"/"sv, "/a"sv, "a/"sv, "a//b"sv, "x"sv.substr(0, 0)})
    EXPECT_FALSE(is_address(bad)) << bad;
}

TEST(Address, RefusesOtherCharacters) {
  for (const auto bad :
       {"a b"sv, "*"sv, "a\0b"sv, "sm\xC3\xB8r"sv, "a\\b"sv, "a:b"sv, "a\n"sv, "[a"sv, "`a"sv, "a{"sv})
    EXPECT_FALSE(is_address(bad)) << bad;
}

}  // namespace
}  // namespace fairlead::frame

#include "config/nearest.hpp"

#include <gtest/gtest.h>

#include <array>

namespace fairlead::config {
namespace {

constexpr std::array<std::string_view, 3> kWords{"connection_security", "connect_to", "name"};

TEST(Nearest, CountsEdits) {
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("same", "same"), 0u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
  EXPECT_EQ(edit_distance("clinet", "client"), 1u);
}

TEST(Nearest, IgnoresLetterCaseAndDashes) { EXPECT_EQ(edit_distance("Connect-To", "connect_to"), 0u); }

TEST(Nearest, FindsTheClosestWord) {
  EXPECT_EQ(nearest("conection_security", kWords), "connection_security");
  EXPECT_EQ(nearest("connectto", kWords), "connect_to");
  EXPECT_EQ(nearest("nmae", kWords), "name");
}

TEST(Nearest, KeepsSilentAboutFarOrEndlessWords) {
  EXPECT_EQ(nearest("completely", kWords), std::nullopt);
  EXPECT_EQ(nearest("", kWords), std::nullopt);
  EXPECT_EQ(nearest(std::string(65, 'n'), kWords), std::nullopt);
}

}  // namespace
}  // namespace fairlead::config

#include "kit/exchange.hpp"

#include <gtest/gtest.h>

#include "support/given_project.hpp"

namespace fairlead::kit {
namespace {

namespace fs = std::filesystem;

class PutInPlaceTest : public testing::Test {
 protected:
  fs::path folder(const std::string& name, const std::string& content) const {
    fs::create_directory(place_.path() / name);
    support::write_text(place_.path() / name / "file", content);
    return place_.path() / name;
  }
  support::TempDir place_;
};

TEST_F(PutInPlaceTest, ExchangesAndRemovesWhatWasThere) {
  const fs::path current = folder("current", "old"), fresh = folder("fresh", "new");

  ASSERT_TRUE(put_in_place(fresh, current).has_value());

  EXPECT_EQ(support::read_text(current / "file"), "new");
  EXPECT_FALSE(fs::exists(fresh));
}

TEST_F(PutInPlaceTest, RenamesWhenNothingIsThere) {
  const fs::path fresh = folder("fresh", "new");

  ASSERT_TRUE(put_in_place(fresh, place_.path() / "current").has_value());

  EXPECT_EQ(support::read_text(place_.path() / "current/file"), "new");
}

TEST_F(PutInPlaceTest, LeavesEverythingAsItWasWhenItCannot) {
  const fs::path current = folder("current", "old");

  EXPECT_FALSE(put_in_place(place_.path() / "missing", current).has_value());

  EXPECT_EQ(support::read_text(current / "file"), "old");
}

}  // namespace
}  // namespace fairlead::kit

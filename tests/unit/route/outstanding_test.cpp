#include "route/outstanding.hpp"

#include <gtest/gtest.h>

namespace fairlead::route {
namespace {

using namespace std::chrono_literals;

constexpr base::MonoTime kNow{100s};

frame::MessageId id_of(uint64_t number) {
  frame::MessageId id{};
  base::store_be(base::MutableByteView(id).subspan(8), number);
  return id;
}

TEST(Outstanding, AnswerIsTakenOnceAndOnlyFromWhoWasAsked) {
  Outstanding outstanding;
  ASSERT_TRUE(outstanding.add("site-1", "site-2", id_of(1), kNow));

  EXPECT_FALSE(outstanding.take("site-1", "site-3", id_of(1)));
  EXPECT_FALSE(outstanding.take("site-3", "site-2", id_of(1)));
  EXPECT_TRUE(outstanding.take("site-1", "site-2", id_of(1)));
  EXPECT_FALSE(outstanding.take("site-1", "site-2", id_of(1)));
}

TEST(Outstanding, SameIdTwiceIsRefused) {
  Outstanding outstanding;
  ASSERT_TRUE(outstanding.add("site-1", "site-2", id_of(1), kNow));

  EXPECT_EQ(outstanding.add("site-1", "site-2", id_of(1), kNow).error(), base::Refusal::id_reused);
  EXPECT_TRUE(outstanding.add("site-3", "site-2", id_of(1), kNow));
}

TEST(Outstanding, LimitIsPerRequester) {
  Outstanding outstanding;
  for (uint64_t i = 0; i < Outstanding::kMaxPerRequester; ++i)
    ASSERT_TRUE(outstanding.add("site-1", "site-2", id_of(i), kNow));

  EXPECT_EQ(outstanding.add("site-1", "site-2", id_of(99'999), kNow).error(), base::Refusal::busy);
  EXPECT_TRUE(outstanding.add("site-3", "site-2", id_of(1), kNow));
  EXPECT_TRUE(outstanding.take("site-1", "site-2", id_of(0)));
  EXPECT_TRUE(outstanding.add("site-1", "site-2", id_of(99'999), kNow));
}

TEST(Outstanding, LostReceiverIsToldToItsRequestersOnce) {
  Outstanding outstanding;
  ASSERT_TRUE(outstanding.add("site-1", "site-2", id_of(1), kNow));
  ASSERT_TRUE(outstanding.add("site-2", "site-1", id_of(2), kNow));
  ASSERT_TRUE(outstanding.add("site-1", "site-3", id_of(3), kNow));
  std::vector<std::string> told;

  outstanding.gone("site-2",
                   [&](const std::string& requester, const frame::MessageId&) { told.push_back(requester); });

  EXPECT_EQ(told, std::vector<std::string>{"site-1"});
  EXPECT_EQ(outstanding.size(), 1u);
}

TEST(Outstanding, SweepForgetsWhatIsOverdue) {
  Outstanding outstanding;
  ASSERT_TRUE(outstanding.add("site-1", "site-2", id_of(1), kNow + 1s));
  ASSERT_TRUE(outstanding.add("site-1", "site-2", id_of(2), kNow + 3s));

  outstanding.sweep(kNow + 1s);

  EXPECT_EQ(outstanding.size(), 1u);
}

}  // namespace
}  // namespace fairlead::route

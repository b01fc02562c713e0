#include "node/own_lane.hpp"

#include <gtest/gtest.h>

#include "loop/buffer_pool.hpp"
#include "support/fake_clock.hpp"
#include "unit/node/own_session.hpp"

namespace fairlead::node {
namespace {

constexpr size_t kTwoFrames = frame::kMaxBody + 1;

/// A lane that may carry ten frames under one set of keys.
struct GivenOwnLane {
  base::Checked<auth::Verified<auth::Message>> admit(const std::string& from, size_t size) {
    auth::Draft draft;
    draft.kind = frame::MessageKind::oneway;
    draft.from = from;
    draft.to = "site-1";
    draft.topic = "news";
    draft.id = random.bytes<16>();
    draft.payload = base::move_to_slice(base::Bytes(size, 7));
    return own.admit(auth::compose(std::move(draft)), clock.mono());
  }

  support::FakeClock clock;
  base::SystemRandom random;
  loop::BufferPool pool{1u << 20};
  OwnLane own{own_session(), random, pool, {}, {.frames = 10}};
};

TEST(OwnLane, PassesWhatTheServerSays) {
  GivenOwnLane given;

  const auto admitted = given.admit("server", kTwoFrames);

  ASSERT_TRUE(admitted.has_value());
  EXPECT_EQ((*admitted)->headers.from, "server");
  EXPECT_EQ((*admitted)->payload_size(), kTwoFrames);
}

TEST(OwnLane, N43_RefusesAnotherOrigin) {
  GivenOwnLane given;

  const auto admitted = given.admit("site-1", 3);

  ASSERT_FALSE(admitted.has_value());
  EXPECT_EQ(admitted.error(), base::Refusal::bad_origin);
}

TEST(OwnLane, MakesNewKeysBeforeTheOldOnesAreUsedUp) {
  GivenOwnLane given;

  for (int i = 0; i < 100; ++i) ASSERT_TRUE(given.admit("server", kTwoFrames).has_value()) << i;
}

TEST(OwnLane, StaysRefusingUnderNewKeys) {
  GivenOwnLane given;
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(given.admit("server", 3).has_value());

  EXPECT_EQ(given.admit("site-1", 3).error(), base::Refusal::bad_origin);
}

}  // namespace
}  // namespace fairlead::node

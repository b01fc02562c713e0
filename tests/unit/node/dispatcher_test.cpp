#include "node/dispatcher.hpp"

#include <gtest/gtest.h>

#include "support/manual_loop.hpp"

namespace fairlead::node {
namespace {

using namespace std::chrono_literals;

/// A dispatcher on a manual loop, and what became of the requests it waits for.
struct GivenDispatcher final : ReplySender {
  void send_reply(auth::Draft reply) override { replies.push_back(std::move(reply)); }
  void expect(const frame::MessageId& id, std::chrono::milliseconds deadline) {
    dispatcher.expect(id, deadline, [this](const base::Result<Received>& reply) {
      ASSERT_FALSE(reply.has_value());
      errors.push_back(reply.error());
    });
  }

  support::FakeClock clock;
  support::ManualLoop loop{clock};
  base::SystemRandom random;
  std::vector<auth::Draft> replies;
  std::vector<base::Error> errors;
  Dispatcher dispatcher{loop, random, *this};
};

TEST(Dispatcher, IdsOfOneProcessShareAPrefixAndDiffer) {
  GivenDispatcher given;

  const auto first = given.dispatcher.next_id();
  const auto second = given.dispatcher.next_id();

  EXPECT_TRUE(base::equal(base::ByteView(first).first(8), base::ByteView(second).first(8)));
  EXPECT_NE(first, second);
}

TEST(Dispatcher, RequestWithoutReplyTimesOut) {
  GivenDispatcher given;
  given.expect(given.dispatcher.next_id(), 100ms);

  given.loop.advance(99ms);
  EXPECT_TRUE(given.errors.empty());
  given.loop.advance(1ms);

  ASSERT_EQ(given.errors.size(), 1u);
  EXPECT_EQ(given.errors[0].code, base::ErrorCode::timed_out);
  EXPECT_EQ(given.dispatcher.waiting(), 0u);
}

TEST(Dispatcher, RefusedRequestFailsOnce) {
  GivenDispatcher given;
  const auto id = given.dispatcher.next_id();
  given.expect(id, 100ms);

  EXPECT_TRUE(given.dispatcher.fail(id, refusal_error(base::Refusal::no_such_endpoint, "", "site-9")));
  EXPECT_FALSE(given.dispatcher.fail(id, refusal_error(base::Refusal::no_such_endpoint, "", "site-9")));
  given.loop.advance(1s);

  ASSERT_EQ(given.errors.size(), 1u);
  EXPECT_EQ(given.errors[0].reason, "no_such_endpoint");
}

TEST(Dispatcher, LostConnectionFailsEveryRequest) {
  GivenDispatcher given;
  given.expect(given.dispatcher.next_id(), 100ms);
  given.expect(given.dispatcher.next_id(), 100ms);

  given.dispatcher.fail_all({base::ErrorCode::cannot_connect, "lost"});

  EXPECT_EQ(given.errors.size(), 2u);
}

TEST(RefusalError, DeadlineIsATimeOutAndTheRestARefusal) {
  EXPECT_EQ(refusal_error(base::Refusal::deadline_passed, "", "x").code, base::ErrorCode::timed_out);
  EXPECT_EQ(refusal_error(base::Refusal::not_allowed, "", "x").code, base::ErrorCode::refused);
}

}  // namespace
}  // namespace fairlead::node

#include "node/dispatcher.hpp"

#include <gtest/gtest.h>

#include "loop/buffer_pool.hpp"
#include "node/own_lane.hpp"
#include "support/manual_loop.hpp"
#include "unit/node/own_session.hpp"

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

  /// A request that the gate let in; nobody else can make one.
  Received request_to(const std::string& topic) {
    auth::Draft draft;
    draft.kind = frame::MessageKind::request;
    draft.from = draft.to = "server";
    draft.topic = topic;
    draft.id = dispatcher.next_id();
    auto admitted = own.admit(auth::compose(std::move(draft)), clock.mono());
    EXPECT_TRUE(admitted.has_value());
    return std::move(*admitted);
  }

  support::FakeClock clock;
  support::ManualLoop loop{clock};
  base::SystemRandom random;
  std::vector<auth::Draft> replies;
  std::vector<base::Error> errors;
  loop::BufferPool pool{1u << 20};
  OwnLane own{own_session(), random, pool, {}};
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

TEST(Dispatcher, RequestsThatHandlersStillHaveAreCounted) {
  GivenDispatcher given;
  std::vector<std::shared_ptr<Responder>> out;
  given.dispatcher.on("slow", [&](const Received&, std::shared_ptr<Responder> responder) {
    out.push_back(std::move(responder));
  });
  ASSERT_TRUE(given.dispatcher.dispatch(given.request_to("slow")));
  ASSERT_TRUE(given.dispatcher.dispatch(given.request_to("slow")));
  EXPECT_EQ(given.dispatcher.unanswered(), 2u);

  out.front()->reply({}, {});
  EXPECT_EQ(given.dispatcher.unanswered(), 1u);
  out.clear();  // dropped without an answer

  EXPECT_EQ(given.dispatcher.unanswered(), 0u);
  EXPECT_EQ(given.replies.size(), 1u);
}

TEST(RefusalError, DeadlineIsATimeOutAndTheRestARefusal) {
  EXPECT_EQ(refusal_error(base::Refusal::deadline_passed, "", "x").code, base::ErrorCode::timed_out);
  EXPECT_EQ(refusal_error(base::Refusal::not_allowed, "", "x").code, base::ErrorCode::refused);
}

}  // namespace
}  // namespace fairlead::node

#include "unit/loop/given_loop.hpp"

namespace fairlead::support {
namespace {

using namespace std::chrono_literals;

using LoopTurn = GivenLoop;

TEST_F(LoopTurn, EndComesAfterEverythingReady) {
  std::string order;
  SocketPair pair;
  std::function<void(uint32_t)> body = [&](uint32_t) {
    order += 'w';
    pair.drain(0);
  };
  const auto watch = loop->watch(pair.ends[0], loop::kReadable, &call, &body);
  pair.put(1);
  loop->at_turn_end([&] { order += 'e'; });
  loop->post([&] {
    order += 'p';
    loop->stop();
  });

  run();

  EXPECT_EQ(order, "wpe");
}

TEST_F(LoopTurn, TaskDeferredAtTheEndRunsInTheSameEnd) {
  std::string order;
  loop->at_turn_end([&] {
    order += 'a';
    loop->at_turn_end([&] { order += 'b'; });
    loop->post([&] { order += 'c'; });
    loop->stop();
  });

  run();

  EXPECT_EQ(order, "abc");
}

TEST_F(LoopTurn, PostsThatRenewThemselvesLetTheTurnEnd) {
  int posts = 0;
  std::function<void()> renew = [&] {
    ++posts;
    loop->post(renew);
  };
  loop->post(renew);
  loop->at_turn_end([&] { loop->stop(); });

  run();

  EXPECT_LE(posts, 2);
}

TEST_F(LoopTurn, PostsRunInOrder) {
  std::string order;
  loop->post([&] { order += '1'; });
  loop->post([&] { order += '2'; });
  loop->post([&] { loop->stop(); });

  run();

  EXPECT_EQ(order, "12");
}

TEST_F(LoopTurn, PostAfterTheEndIsNotTaken) {
  loop->stop();
  loop->run();

  EXPECT_FALSE(loop->post([] {}));
}

TEST_F(LoopTurn, StopBeforeRunIsRemembered) {
  loop->stop();

  loop->run();

  SUCCEED();
}

TEST_F(LoopTurn, RunsAgainAfterTheEnd) {
  loop->stop();
  loop->run();
  bool ran = false;
  loop->at_turn_end([&] {
    ran = true;
    loop->stop();
  });

  run();

  EXPECT_TRUE(ran);
}

TEST_F(LoopTurn, TimersFireInOrderOfTime) {
  std::string order;
  const auto late = loop->after(20ms, [&] {
    order += 'l';
    loop->stop();
  });
  const auto early = loop->after(1ms, [&] { order += 'e'; });
  const auto same = loop->after(1ms, [&] { order += 's'; });

  run();

  EXPECT_EQ(order, "esl");
}

TEST_F(LoopTurn, TimerIsNeverEarly) {
  const auto before = clock.mono();
  const auto timer = loop->after(15ms, [&] { loop->stop(); });

  run();

  EXPECT_GE(clock.mono() - before, 15ms);
}

TEST_F(LoopTurn, DestroyedTimerIsSilent) {
  bool fired = false;
  auto gone = loop->after(1ms, [&] { fired = true; });
  const auto end = loop->after(10ms, [&] { loop->stop(); });
  gone.reset();

  run();

  EXPECT_FALSE(fired);
}

TEST_F(LoopTurn, TimerMayBeDestroyedInItsBody) {
  std::unique_ptr<loop::Timer> timer;
  timer = loop->after(0ns, [&] {
    timer.reset();
    loop->stop();
  });

  run();

  EXPECT_EQ(timer, nullptr);
}

TEST_F(LoopTurn, EarlierTimerMovesTheAlarm) {
  std::unique_ptr<loop::Timer> early;
  const auto far = loop->after(1h, [] {});
  const auto start = loop->after(1ms, [&] { early = loop->after(1ms, [&] { loop->stop(); }); });

  run();

  SUCCEED();
}

}  // namespace
}  // namespace fairlead::support

#include <atomic>
#include <thread>

#include "loop/buffer_pool.hpp"
#include "unit/loop/given_loop.hpp"

namespace fairlead::support {
namespace {

using LoopThreads = GivenLoop;

TEST_F(LoopThreads, PostsOfEachThreadKeepTheirOrder) {
  constexpr int kThreads = 4, kPosts = 2000;
  std::array<int, kThreads> last{};
  int run_so_far = 0;
  bool in_order = true;
  std::vector<std::thread> threads;
  for (size_t who = 0; who < kThreads; ++who)
    threads.emplace_back([&, who] {
      for (int i = 1; i <= kPosts; ++i)
        loop->post([&, who, i] {
          in_order = in_order && last[who] + 1 == i;
          last[who] = i;
          if (++run_so_far == kThreads * kPosts) loop->stop();
        });
    });

  run();
  for (auto& thread : threads) thread.join();

  EXPECT_TRUE(in_order);
  EXPECT_EQ(run_so_far, kThreads * kPosts);
}

TEST_F(LoopThreads, EveryPostThatWasTakenRuns) {
  std::atomic<int> taken = 0, ran = 0;
  std::atomic<bool> started = false;
  std::thread poster([&] {
    started = true;
    while (loop->post([&] { ++ran; })) ++taken;
  });
  const auto end = loop->after(std::chrono::milliseconds(5), [&] { loop->stop(); });

  run();
  poster.join();

  EXPECT_EQ(taken, ran);
}

TEST_F(LoopThreads, OnlyTheRunningThreadIsHome) {
  bool inside = false, outside = true;
  loop->post([&] {
    inside = loop->is_home();
    std::thread([&] { outside = loop->is_home(); }).join();
    loop->stop();
  });

  run();

  EXPECT_TRUE(inside);
  EXPECT_FALSE(outside);
}

TEST_F(LoopThreads, StopFromAnotherThreadWakesTheLoop) {
  std::thread stopper([&] { loop->stop(); });

  run();
  stopper.join();

  SUCCEED();
}

TEST(BufferPoolThreads, BlocksReturnFromAnyThread) {
  loop::BufferPool pool(1 << 20);
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int who = 0; who < 4; ++who)
    threads.emplace_back([&] {
      for (int i = 0; i < 2000; ++i) {
        base::BlockRef block = pool.take(4096);
        block.get()->bytes[0] = 1;
        const base::BlockRef second = block;
        block = base::BlockRef();
      }
    });
  for (auto& thread : threads) thread.join();

  EXPECT_EQ(pool.lent_bytes(), 0u);
}

}  // namespace
}  // namespace fairlead::support

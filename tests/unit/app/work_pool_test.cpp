#include "app/work_pool.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>
#include <future>

namespace fairlead::app {
namespace {

using namespace std::chrono_literals;
constexpr auto kLong = 30s;

TEST(WorkPool, RunsWhatItTakes) {
  WorkPool pool(2, 2);
  std::promise<void> ran;

  EXPECT_TRUE(pool.submit([&](int) { ran.set_value(); }));

  EXPECT_EQ(ran.get_future().wait_for(kLong), std::future_status::ready);
}

TEST(WorkPool, RefusesWhatItCannotKeep) {
  std::promise<void> release;
  std::shared_future<void> released = release.get_future().share();
  WorkPool pool(1, 1);

  EXPECT_TRUE(pool.submit([released](int) { released.wait(); }));
  EXPECT_TRUE(pool.submit([](int) {}));
  EXPECT_FALSE(pool.submit([](int) {}));
  release.set_value();
}

TEST(WorkPool, IsIdleOnceEverythingHasRun) {
  std::atomic<int> ran{0};
  WorkPool pool(2, 8);
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(pool.submit([&](int) { ++ran; }));

  EXPECT_TRUE(pool.wait_idle(kLong));
  EXPECT_EQ(ran, 8);
}

TEST(WorkPool, TellsRunningJobsToGiveUp) {
  std::promise<void> started;
  {
    WorkPool pool(1, 1);
    ASSERT_TRUE(pool.submit([&](int give_up) {
      started.set_value();
      pollfd wait{give_up, POLLIN, 0};
      ::poll(&wait, 1, -1);
    }));
    started.get_future().wait();
  }
  SUCCEED() << "the pool's end did not wait for ever";
}

}  // namespace
}  // namespace fairlead::app

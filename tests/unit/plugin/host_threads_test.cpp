#include <atomic>
#include <thread>

#include "unit/plugin/given_plugin.hpp"

namespace fairlead::support {
namespace {

using PluginThreads = GivenPlugin;

/// Where lent memory came back.
struct Returned {
  loop::Loop* loop;
  std::thread::id where{};
};

TEST_F(PluginThreads, LentMemoryDroppedElsewhereComesBackAtHome) {
  connect();
  Returned returned{loop.get()};
  base::Bytes bytes(10);
  in_callback([&] {
    script.host->rx_message(
        script.conn, {bytes.data(), bytes.size()},
        [](void* argument) {
          auto* mine = static_cast<Returned*>(argument);
          mine->where = std::this_thread::get_id();
          mine->loop->stop();
        },
        &returned);
  });
  std::thread dropper;
  const auto start = loop->after(std::chrono::nanoseconds(0), [&] {
    dropper = std::thread([held = std::move(events.held)]() mutable { held.clear(); });
  });

  run();
  dropper.join();

  EXPECT_EQ(returned.where, std::this_thread::get_id());
}

TEST_F(PluginThreads, PostReachesTheLoopFromAnyThread) {
  connect();
  std::thread poster;
  const auto start = loop->after(std::chrono::nanoseconds(0), [&] {
    poster = std::thread([&] {
      const auto task = [](void* home) { static_cast<loop::Loop*>(home)->stop(); };
      script.host->post(script.loop, task, loop.get());
    });
  });

  run();
  poster.join();

  SUCCEED();
}

/// Everything that a plugin may only call at home.
void call_everything(const ScriptedPlugin& script) {
  const fairlead_host& host = *script.host;
  uint8_t* room = nullptr;
  size_t size = 0;
  uint8_t byte = 0;
  EXPECT_EQ(host.rx_reserve(script.conn, 1, &room, &size), FAIRLEAD_E_INTERNAL);
  EXPECT_EQ(host.rx_commit(script.conn, 1), FAIRLEAD_E_INTERNAL);
  EXPECT_EQ(host.rx_message(
                script.conn, {&byte, 1}, [](void*) { FAIL(); }, nullptr),
            FAIRLEAD_E_INTERNAL);
  host.opened(script.conn);
  host.tx_done(script.conn, 1, FAIRLEAD_OK);
  host.tx_ready(script.conn);
  host.closed(script.conn, FAIRLEAD_E_CLOSED, {});
  fairlead_watch* watch = nullptr;
  fairlead_timer* timer = nullptr;
  EXPECT_EQ(host.watch(
                script.loop, 0, FAIRLEAD_READABLE, [](void*, uint32_t) { FAIL(); }, nullptr, &watch),
            FAIRLEAD_E_INTERNAL);
  EXPECT_EQ(host.timer(
                script.loop, 0, [](void*) { FAIL(); }, nullptr, &timer),
            FAIRLEAD_E_INTERNAL);
  const auto* dial = static_cast<const fairlead_dial*>(host.extension(host.ctx, FAIRLEAD_DIAL_EXTENSION));
  fairlead_dialing* dialing = nullptr;
  EXPECT_EQ(dial->start(
                host.ctx, script.loop, plugin::text("127.0.0.1:1"),
                [](void*, fairlead_status, int, fairlead_text) { FAIL(); }, nullptr, &dialing),
            FAIRLEAD_E_INTERNAL);
}

TEST_F(PluginThreads, N63CallsFromSixteenOtherThreadsChangeNothing) {
  constexpr int kThreads = 16, kCallsOfEach = 10;
  connect();
  std::vector<std::thread> strangers;
  std::atomic<int> left = kThreads;
  const auto start = loop->after(std::chrono::nanoseconds(0), [&] {
    for (int i = 0; i < kThreads; ++i)
      strangers.emplace_back([&] {
        call_everything(script);
        if (--left == 0) loop->post([this] { loop->stop(); });
      });
  });

  run();
  for (std::thread& one : strangers) one.join();

  EXPECT_EQ(events.heard, "");
  EXPECT_EQ(broken_promises(), kThreads * kCallsOfEach);
  EXPECT_EQ(log.count("from a thread that is not the loop's"), 1u);
}

}  // namespace
}  // namespace fairlead::support

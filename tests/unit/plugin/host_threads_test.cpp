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

}  // namespace
}  // namespace fairlead::support

#include "plugin/watchdog.hpp"

#include "unit/plugin/given_plugin.hpp"

namespace fairlead::support {
namespace {

using namespace std::chrono_literals;
using plugin::Presence;

class PluginWatchdog : public testing::Test {
 protected:
  PluginWatchdog() { watchdog.watch(presence); }
  /// Looks once a second.
  void look(int seconds) {
    for (int i = 0; i < seconds; ++i) watchdog.look(1s);
  }

  RecordingLog log;
  std::vector<plugin::BlockedCall> told;
  plugin::Watchdog watchdog{log, 10s, [this](const plugin::BlockedCall& call) { told.push_back(call); }};
  std::shared_ptr<Presence> presence = std::make_shared<Presence>("org.example.slow");
};

TEST_F(PluginWatchdog, SilentWhileNothingIsOnTheStack) {
  presence->enter("send");
  presence->leave();

  look(100);

  EXPECT_TRUE(told.empty());
  EXPECT_TRUE(log.lines.empty());
}

TEST_F(PluginWatchdog, SilentWhileCallsComeAndGo) {
  for (int i = 0; i < 100; ++i) {
    presence->enter("send");
    look(1);
    presence->leave();
  }

  EXPECT_TRUE(told.empty());
  EXPECT_TRUE(log.lines.empty());
}

TEST_F(PluginWatchdog, BlockedCallIsLoggedEachTimeItHasDoubled) {
  presence->enter("send");
  look(1);  // sees it for the first time

  look(8);

  EXPECT_EQ(log.count("plugin.blocked plugin=org.example.slow in=send"), 4u);  // 1, 2, 4 and 8 s
  EXPECT_TRUE(told.empty());
}

TEST_F(PluginWatchdog, BlockedCallIsToldOnceAtTheLimit) {
  presence->enter("connect");
  look(1);

  look(9);
  EXPECT_TRUE(told.empty());
  look(20);

  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].plugin, "org.example.slow");
  EXPECT_EQ(told[0].call, "connect");
  EXPECT_EQ(told[0].lasts, 10s);
}

TEST_F(PluginWatchdog, CallThatReturnsInTimeStartsAnew) {
  presence->enter("send");
  look(9);
  presence->leave();
  presence->enter("send");

  look(9);

  EXPECT_TRUE(told.empty());
}

TEST_F(PluginWatchdog, InstanceThatIsGoneIsForgotten) {
  presence->enter("destroy");
  look(1);
  presence.reset();

  look(100);

  EXPECT_TRUE(told.empty());
}

TEST_F(PluginWatchdog, LooksByItself) {
  std::mutex done;
  std::condition_variable changed;
  std::string call;
  const auto own = std::make_shared<Presence>("org.example.stuck");
  plugin::Watchdog quick(log, 1ms, [&](const plugin::BlockedCall& blocked) {
    const std::lock_guard lock(done);
    call = blocked.call;
    changed.notify_all();
  });
  quick.watch(own);
  own->enter("listen");

  quick.start();

  std::unique_lock lock(done);
  EXPECT_TRUE(changed.wait_for(lock, 30s, [&] { return !call.empty(); }));
  EXPECT_EQ(call, "listen");
}

/// A kernel that takes its time over what it is given.
struct SlowEvents : RecordedEvents {
  plugin::RxAnswer rx_commit(size_t size) override {
    look();
    return RecordedEvents::rx_commit(size);
  }
  std::function<void()> look;
};

class HostPresence : public GivenPlugin {
 protected:
  HostPresence() {
    transport->watch_with(watchdog);
    watched = std::move(*transport->create({}, {}));
    events_.look = [this] { look_often(); };
    opened = std::move(*watched->connect(*loop, "there:1", events_));
    in_callback([&] { script.host->opened(script.conn); });
  }
  void look_often() const {
    for (int i = 0; i < 3; ++i) watchdog->look(std::chrono::seconds(1));
  }

  const std::shared_ptr<plugin::Watchdog> watchdog = std::make_shared<plugin::Watchdog>(
      log, std::chrono::milliseconds(60'000), [](const plugin::BlockedCall&) {});
  SlowEvents events_;
  std::unique_ptr<plugin::Instance> watched;
  std::unique_ptr<plugin::Connection> opened;
};

TEST_F(HostPresence, SlotThatTakesLongIsNoticed) {
  script.on_send = [&](uint64_t) {
    look_often();
    return FAIRLEAD_OK;
  };

  opened->send({}, 1);

  EXPECT_EQ(log.count("plugin.blocked plugin=org.example.script in=send"), 2u)
      << testing::PrintToString(log.lines);
}

TEST_F(HostPresence, TimeOfTheKernelIsNotThePlugins) {
  in_callback([&] {
    uint8_t* room = nullptr;
    size_t size = 0;
    script.host->rx_reserve(script.conn, 1, &room, &size);
    script.host->rx_commit(script.conn, 1);
  });

  EXPECT_NE(events_.heard.find("commit1"), std::string::npos);
  EXPECT_EQ(log.count("plugin.blocked"), 0u);
}

TEST_F(HostPresence, PluginIsBackOnTheStackAfterTheKernel) {
  in_callback([&] {
    uint8_t* room = nullptr;
    size_t size = 0;
    script.host->rx_reserve(script.conn, 1, &room, &size);
    script.host->rx_commit(script.conn, 1);
    look_often();
  });

  EXPECT_EQ(log.count("plugin.blocked plugin=org.example.script in=fire"), 2u);
}

}  // namespace
}  // namespace fairlead::support

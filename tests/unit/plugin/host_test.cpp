#include <thread>

#include "unit/plugin/given_plugin.hpp"

namespace fairlead::support {
namespace {

class PluginHost : public GivenPlugin {
 protected:
  /// Lends one message in a callback; the count of returns goes up when it is given back.
  void lend() {
    in_callback([this] {
      script.host->rx_message(
          script.conn, {bytes.data(), bytes.size()}, [](void* count) { ++*static_cast<int*>(count); },
          &returned);
    });
  }

  base::Bytes bytes = base::Bytes(10);
  int returned = 0;
};

TEST_F(PluginHost, LentMemoryComesBackOnce) {
  connect();
  lend();
  EXPECT_EQ(returned, 0);

  events.held.clear();

  EXPECT_EQ(returned, 1);
}

TEST_F(PluginHost, LentMemoryDroppedAtOnceComesBackAfterTheCallback) {
  connect();
  int inside = -1;

  in_callback([&] {
    script.host->rx_message(
        script.conn, {bytes.data(), bytes.size()}, [](void* count) { ++*static_cast<int*>(count); },
        &returned);
    events.held.clear();
    inside = returned;
  });

  EXPECT_EQ(inside, 0);
  EXPECT_EQ(returned, 1);
}

TEST_F(PluginHost, LentMemoryOutlivesTheConnectionNotTheInstance) {
  connect();
  lend();
  connection.reset();
  instance.reset();
  EXPECT_EQ(script.destroyed, 0);

  events.held.clear();

  EXPECT_EQ(returned, 1);
  EXPECT_EQ(script.destroyed, 1);
}

TEST_F(PluginHost, MessageBeforeOpenedWasToldWaits) {
  connection = std::move(*instance->connect(*loop, "there:1", events));

  in_callback([&] {
    script.host->opened(script.conn);
    EXPECT_EQ(script.host->rx_message(
                  script.conn, {bytes.data(), bytes.size()}, [](void*) {}, nullptr),
              FAIRLEAD_AGAIN);
  });

  EXPECT_EQ(events.heard, "opened message10");
}

TEST_F(PluginHost, WatchTellsThePlugin) {
  connect();
  SocketPair pair;
  struct Seen {
    const fairlead_host* host;
    fairlead_watch* watch = nullptr;
    uint32_t events = 0;
  } seen{script.host};
  const auto ready = [](void* argument, uint32_t bits) {
    auto* mine = static_cast<Seen*>(argument);
    mine->events = bits;
    mine->host->unwatch(mine->watch);
  };
  EXPECT_EQ(script.host->watch(script.loop, pair.ends[0], FAIRLEAD_READABLE, ready, &seen, &seen.watch),
            FAIRLEAD_OK);
  pair.put(1);

  run_turns(2);

  EXPECT_EQ(seen.events, FAIRLEAD_READABLE);
}

TEST_F(PluginHost, WatchOfNothingIsRefused) {
  connect();
  fairlead_watch* watch = nullptr;

  EXPECT_LT(script.host->watch(
                script.loop, -1, FAIRLEAD_READABLE, [](void*, uint32_t) {}, nullptr, &watch),
            0);
}

TEST_F(PluginHost, TimerFiresOnceAndCancelledNever) {
  connect();
  int fired = 0;
  const auto fire = [](void* count) { ++*static_cast<int*>(count); };
  fairlead_timer *first = nullptr, *second = nullptr;
  script.host->timer(script.loop, 0, fire, &fired, &first);
  script.host->timer(script.loop, 0, fire, &fired, &second);
  script.host->cancel(second);

  run_turns(3);

  EXPECT_EQ(fired, 1);
}

TEST_F(PluginHost, CountersAddUpByName) {
  const uint32_t first = script.host->counter(script.host->ctx, "handshakes", "events", "Handshakes done.");
  const uint32_t again = script.host->counter(script.host->ctx, "handshakes", "events", "Handshakes done.");
  script.host->count(script.host->ctx, first, 2);
  script.host->count(script.host->ctx, again, 3);
  script.host->count(script.host->ctx, 4711, 1);

  EXPECT_EQ(instance->metrics().back().name, "handshakes");
  EXPECT_EQ(instance->metrics().back().value, 5);
}

TEST_F(PluginHost, LogIsLimited) {
  for (int i = 0; i < 1000; ++i) script.host->log(script.host->ctx, FAIRLEAD_LOG_WARN, plugin::text("again"));

  EXPECT_LE(log.lines.size(), 60u);
}

TEST_F(PluginHost, ThrowingCallbackIsContained) {
  connect();

  in_callback([] { throw std::runtime_error("oops"); });

  EXPECT_EQ(log.count("oops"), 1u);
}

TEST_F(PluginHost, DialExtensionReportsARefusal) {
  connect();
  const auto* dial =
      static_cast<const fairlead_dial*>(script.host->extension(script.host->ctx, FAIRLEAD_DIAL_EXTENSION));
  ASSERT_NE(dial, nullptr);
  fairlead_dialing* dialing = nullptr;

  EXPECT_EQ(dial->start(script.host->ctx, script.loop, plugin::text("nothing"), nullptr, nullptr, &dialing),
            FAIRLEAD_E_CONFIG);
  EXPECT_EQ(script.host->extension(script.host->ctx, "fairlead.other/1"), nullptr);
}

std::shared_ptr<const loop::Proxy> proxy_at_port_1() {
  return std::make_shared<const loop::Proxy>(
      loop::Proxy{loop::ProxyKind::http_connect, {"127.0.0.1", 1}, {}});
}

TEST_F(PluginHost, DialsThroughTheProxyAndKeepsItsErrorsWhole) {
  instance->dial_through(proxy_at_port_1());
  const auto* dial =
      static_cast<const fairlead_dial*>(script.host->extension(script.host->ctx, FAIRLEAD_DIAL_EXTENSION));
  script.on_connect = [&] {
    fairlead_dialing* handle = nullptr;
    const auto failed = [](void* self, fairlead_status why, int, fairlead_text detail) {
      const auto& plugin = *static_cast<ScriptedPlugin*>(self);
      plugin.host->closed(plugin.conn, why, detail);
    };
    EXPECT_EQ(
        dial->start(script.host->ctx, script.loop, plugin::text("127.0.0.1:2"), failed, &script, &handle),
        FAIRLEAD_OK);
  };
  auto made = instance->connect(*loop, "127.0.0.1:2", events);
  ASSERT_TRUE(made.has_value()) << made.error().line();
  events.on_closed = [this] { loop->stop(); };

  run();

  ASSERT_NE((*made)->proxy_error(), nullptr) << events.detail;
  EXPECT_EQ((*made)->proxy_error()->reason, "proxy_unreachable");
  EXPECT_NE((*made)->proxy_error()->hint, "");
}

TEST_F(PluginHost, RefusesConnectionsThatGoPastTheProxy) {
  instance->dial_through(proxy_at_port_1());

  const auto made = instance->connect(*loop, "127.0.0.1:2", events);
  run_turns(2);  // what was given back goes at the end of a turn

  ASSERT_FALSE(made.has_value());
  EXPECT_EQ(made.error().code, base::ErrorCode::bad_configuration);
  EXPECT_NE(made.error().text.find("past the proxy http://127.0.0.1:1"), std::string::npos);
}

TEST_F(PluginHost, PostAfterTheLoopEndedIsRefused) {
  connect();
  loop->stop();
  loop->run();

  EXPECT_EQ(script.host->post(
                script.loop, [](void*) {}, nullptr),
            FAIRLEAD_E_CLOSED);
}

struct OneDoor : plugin::ListenerEvents {
  plugin::ConnectionEvents* accepted(std::unique_ptr<plugin::Connection> made) override {
    if (!is_open) return nullptr;
    connection = std::move(made);
    return &events;
  }
  bool is_open = true;
  RecordedEvents events;
  std::unique_ptr<plugin::Connection> connection;
};

TEST_F(PluginHost, AcceptedConnectionIsHeard) {
  OneDoor door;
  const auto listener = instance->listen(*loop, "here:0", door);
  ASSERT_TRUE(listener.has_value());
  EXPECT_EQ((*listener)->address(), "script://here:1");

  in_callback([&] {
    EXPECT_EQ(script.host->accepted(script.listener, &script, &script.conn), FAIRLEAD_OK);
    script.host->opened(script.conn);
  });

  EXPECT_EQ(door.events.heard, "opened");
  door.connection.reset();
  EXPECT_EQ(script.calls, "peer on abort release ");
}

TEST_F(PluginHost, RefusedConnectionStaysThePlugins) {
  OneDoor door;
  door.is_open = false;
  const auto listener = instance->listen(*loop, "here:0", door);

  in_callback([&] { EXPECT_LT(script.host->accepted(script.listener, &script, &script.conn), 0); });

  EXPECT_EQ(script.calls, "");
}

TEST_F(PluginHost, ListenerMayBeDestroyedWhileItAccepts) {
  OneDoor door;
  auto listener = std::move(*instance->listen(*loop, "here:0", door));

  in_callback([&] {
    listener.reset();
    EXPECT_EQ(script.calls, "");
    EXPECT_LT(script.host->accepted(script.listener, &script, &script.conn), 0);
  });

  EXPECT_EQ(script.calls, "listener_close ");
}

TEST_F(PluginHost, SecondLoopIsRefused) {
  connect();
  const auto other = loop::make_loop(clock);

  EXPECT_FALSE(instance->connect(*other, "there:1", events).has_value());
}

}  // namespace
}  // namespace fairlead::support

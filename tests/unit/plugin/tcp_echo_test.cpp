#include <filesystem>

#include "build_paths.hpp"
#include "unit/plugin/given_plugin.hpp"

namespace fairlead::support {
namespace {

constexpr size_t kSize = 1 << 20;

/// One end that collects what it gets and may send it back.
struct End : plugin::ConnectionEvents {
  void opened() override {
    is_open = true;
    if (on_open) on_open();
  }
  base::MutableByteView rx_reserve(size_t) override { return room; }
  plugin::RxAnswer rx_commit(size_t size) override {
    got.insert(got.end(), room.begin(), room.begin() + static_cast<std::ptrdiff_t>(size));
    if (got.size() == kSize) on_all();
    return plugin::RxAnswer::go_on;
  }
  plugin::RxAnswer rx_message(base::Slice) override { return plugin::RxAnswer::stop; }
  void tx_done(uint64_t, bool) override { ++done; }
  void tx_ready() override { send(); }
  void closed(plugin::CloseReason, std::string) override {
    is_closed = true;
    if (on_closed) on_closed();
  }
  /// Sends `out`, again once the transport is ready when it cannot take it now.
  void send() {
    const base::ByteView view = out;
    connection->send({&view, 1}, 1);
  }

  std::unique_ptr<plugin::Connection> connection;
  base::Bytes room = base::Bytes(65536), got, out;
  std::function<void()> on_open, on_all = [] {}, on_closed;
  int done = 0;
  bool is_open = false, is_closed = false;
};

struct Door : plugin::ListenerEvents {
  plugin::ConnectionEvents* accepted(std::unique_ptr<plugin::Connection> made) override {
    end.connection = std::move(made);
    return &end;
  }
  End end;
};

class TcpEcho : public GivenLoop {
 protected:
  void SetUp() override {
    const auto file = std::filesystem::path(FAIRLEAD_BINARY_DIR) / "plugins" / "tcp_tls.so";
    transport = std::move(*plugin::load({file, "", false}, log));
    credentials.security = base::ConnectionSecurity::clear;
    serving = make();
    dialling = make();
    listener = std::move(*serving->listen(*loop, "127.0.0.1:0", door));
  }
  std::unique_ptr<plugin::Instance> make() {
    auto made = transport->create(credentials, {});
    EXPECT_TRUE(made.has_value()) << (made ? "" : made.error().line());
    return std::move(*made);
  }
  void connect() {
    const std::string address = listener->address().substr(std::string("tcp://").size());
    near.connection = std::move(*dialling->connect(*loop, address, near));
  }

  RecordingLog log;
  plugin::LinkCredentials credentials;
  std::unique_ptr<plugin::Transport> transport;
  std::unique_ptr<plugin::Instance> serving, dialling;
  Door door;
  End near;
  std::unique_ptr<plugin::Listener> listener;
};

TEST_F(TcpEcho, OneMebibyteThereAndBack) {
  near.out.resize(kSize);
  for (size_t i = 0; i < kSize; ++i) near.out[i] = static_cast<uint8_t>(i * 7);
  near.on_open = [&] { near.send(); };
  door.end.on_all = [&] {
    door.end.out = door.end.got;
    door.end.send();
  };
  near.on_all = [&] { loop->stop(); };
  connect();

  run();

  EXPECT_EQ(near.got, near.out);
  EXPECT_EQ(near.done, 1);
}

TEST_F(TcpEcho, FactsOfAClearLink) {
  near.on_open = [&] { loop->stop(); };
  connect();

  run();

  EXPECT_EQ(near.connection->facts().bits(), 0);
  EXPECT_EQ(near.connection->facts().scheme, "tcp");
  EXPECT_TRUE(near.connection->is_stream());
}

TEST_F(TcpEcho, RefusedPortIsTold) {
  const std::string address = listener->address().substr(std::string("tcp://").size());
  listener.reset();
  near.on_closed = [&] { loop->stop(); };
  near.connection = std::move(*dialling->connect(*loop, address, near));

  run();

  EXPECT_TRUE(near.is_closed);
  EXPECT_FALSE(near.is_open);
}

TEST_F(TcpEcho, BusyPortIsAFailure) {
  const auto other = make();
  const std::string address = listener->address().substr(std::string("tcp://").size());

  const auto second = other->listen(*loop, address, door);

  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, base::ErrorCode::failed);
}

TEST_F(TcpEcho, OtherEndHearsOfADestroyedOne) {
  near.on_open = [&] { loop->at_turn_end([&] { near.connection.reset(); }); };
  door.end.on_closed = [&] { loop->stop(); };
  connect();

  run();

  EXPECT_TRUE(door.end.is_closed);
  EXPECT_FALSE(near.is_closed);
}

}  // namespace
}  // namespace fairlead::support

/// Peers without the plugin, whose packets a test writes itself: what a stranger may send at either end.
#pragma once
#include "given.hpp"
#include "monitor.hpp"
#include "packet.hpp"

/// A data packet with these bytes.
inline zmq::message_t data_of(std::string_view bytes) {
  const fairlead_bytes slice{reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()};
  return zmq_curve::data_packet({&slice, 1});
}

/// Dials a clear listener.
class Stranger {
 public:
  /// With a routing id of its own choice unless that is empty.
  explicit Stranger(Ends& ends, const std::string& id = {});
  void send(zmq::message_t packet);
  /// One message of two parts.
  void send_parts(zmq::message_t first);
  /// Runs until the handshake is done.
  bool connects();
  /// Runs until a packet of this kind comes, and gives it; others are dropped.
  bool hears(zmq_curve::Kind kind, zmq::message_t* heard = nullptr);
  bool is_hung_up_on();
  /// Sends what is under way and goes; the loop stands still meanwhile.
  void leave();

 private:
  bool sees(uint16_t event);

  Ends& ends_;
  zmq::context_t context_;
  zmq::socket_t socket_;
  std::unique_ptr<zmq_curve::Monitor> monitor_;
};

/// A clear listener with one accepted connection, whose dialling end is a stranger.
class AcceptedStranger : public testing::Test {
 protected:
  AcceptedStranger() {
    ends_.listen();
    stranger_ = std::make_unique<Stranger>(ends_);
    stranger_->send(zmq_curve::hello());
    EXPECT_TRUE(stranger_->hears(zmq_curve::Kind::kWelcome));
    conn_ = &ends_.listener->accepted.front();
  }
  bool is_closed_for(const char* what) {
    const bool closed = ends_.run([&] { return conn_->closed == 1; });
    EXPECT_EQ(conn_->why, FAIRLEAD_E_PROTOCOL);
    EXPECT_THAT(conn_->detail, testing::HasSubstr(what));
    return closed;
  }
  bool receives(const std::string& all) {
    return ends_.run([&] { return conn_->received == all; });
  }
  /// Long enough for anything that was under way.
  void turn_often() {
    for (int i = 0; i < 20; ++i) ends_.loop.turn(10);
  }
  void read_again() {
    conn_->pause_at = SIZE_MAX;
    conn_->set_reading(true);
  }

  Ends ends_{"clear"};
  std::unique_ptr<Stranger> stranger_;
  fairlead_conn* conn_ = nullptr;
};

/// Listens for one dialling end of the plugin, in clear.
class StrangeListener {
 public:
  explicit StrangeListener(Ends& ends);
  /// Dials and runs until the plugin's hello is there.
  fairlead_conn* hears_hello();
  void send(zmq::message_t packet);
  /// One message of two parts.
  void send_parts(zmq::message_t first);

 private:
  Ends& ends_;
  zmq::context_t context_;
  zmq::socket_t socket_;
  std::string id_;
};

/// Until a descriptor that the loop watches has input; the loop stands still.
void wait_for_input(const fairlead_loop& loop);

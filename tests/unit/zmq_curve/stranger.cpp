#include "stranger.hpp"

#include <poll.h>

namespace {

constexpr int kPatience = 5000;  // milliseconds

}  // namespace

Stranger::Stranger(Ends& ends, const std::string& id)
    : ends_(ends), socket_(context_, zmq::socket_type::dealer) {
  socket_.set(zmq::sockopt::linger, kPatience);
  socket_.set(zmq::sockopt::reconnect_ivl, -1);
  if (!id.empty()) socket_.set(zmq::sockopt::routing_id, id);
  monitor_ = std::make_unique<zmq_curve::Monitor>(context_, socket_);
  socket_.connect("tcp://" + ends.listener->address());
}

void Stranger::send(zmq::message_t packet) { socket_.send(packet, zmq::send_flags::none); }

void Stranger::send_parts(zmq::message_t first) {
  socket_.send(first, zmq::send_flags::sndmore);
  socket_.send(zmq::message_t(), zmq::send_flags::none);
}

bool Stranger::sees(uint16_t event) {
  bool seen = false;
  return ends_.run([&] {
    monitor_->drain([&](const zmq_curve::SocketEvent& one) { seen = seen || one.what == event; });
    return seen;
  });
}

bool Stranger::connects() { return sees(ZMQ_EVENT_HANDSHAKE_SUCCEEDED); }

bool Stranger::is_hung_up_on() { return sees(ZMQ_EVENT_DISCONNECTED); }

bool Stranger::hears(zmq_curve::Kind kind, zmq::message_t* heard) {
  zmq::message_t packet;
  const bool is_heard = ends_.run([&] {
    while (zmq_curve::receive(socket_, packet))
      if (zmq_curve::kind_of(zmq_curve::bytes_of(packet)) == kind) return true;
    return false;
  });
  if (heard != nullptr) *heard = std::move(packet);
  return is_heard;
}

void Stranger::leave() {
  monitor_.reset();
  socket_.close();
  context_.close();
}

StrangeListener::StrangeListener(Ends& ends) : ends_(ends), socket_(context_, zmq::socket_type::router) {
  socket_.set(zmq::sockopt::linger, kPatience);
  socket_.bind("tcp://127.0.0.1:*");
}

fairlead_conn* StrangeListener::hears_hello() {
  fairlead_conn* const conn =
      ends_.client.connect(socket_.get(zmq::sockopt::last_endpoint).substr(std::string("tcp://").size()));
  zmq::message_t id, packet;
  EXPECT_TRUE(ends_.run([&] { return zmq_curve::receive(socket_, id); }));
  EXPECT_TRUE(zmq_curve::receive(socket_, packet));
  EXPECT_EQ(zmq_curve::kind_of(zmq_curve::bytes_of(packet)), zmq_curve::Kind::kHello);
  id_ = id.to_string();
  return conn;
}

void StrangeListener::send(zmq::message_t packet) {
  socket_.send(zmq::buffer(id_), zmq::send_flags::sndmore);
  socket_.send(packet, zmq::send_flags::none);
}

void StrangeListener::send_parts(zmq::message_t first) {
  socket_.send(zmq::buffer(id_), zmq::send_flags::sndmore);
  socket_.send(first, zmq::send_flags::sndmore);
  socket_.send(zmq::message_t(), zmq::send_flags::none);
}

void wait_for_input(const fairlead_loop& loop) {
  std::vector<pollfd> polled;
  for (const fairlead_watch& watch : loop.watches)
    if (!watch.dead && watch.events != 0) polled.push_back({watch.fd, POLLIN, 0});
  EXPECT_GT(::poll(polled.data(), polled.size(), kPatience), 0);
}

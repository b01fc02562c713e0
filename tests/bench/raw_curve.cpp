#include "bench/raw_curve.hpp"

#include <array>
#include <string>
#include <thread>
#include <vector>
#include <zmq.hpp>

namespace fairlead::bench {
namespace {

using KeyText = std::array<char, 41>;
struct Keys {
  KeyText server_public{}, server_secret{}, site_public{}, site_secret{};
};

Keys& keys() {
  static Keys made;
  return made;
}

constexpr int kQueue = 10'000;
constexpr std::chrono::milliseconds kLook{5};

void bound_queues(zmq::socket_t& socket) {
  socket.set(zmq::sockopt::linger, 0);
  socket.set(zmq::sockopt::sndhwm, kQueue);
  socket.set(zmq::sockopt::rcvhwm, kQueue);
}

zmq::socket_t site(zmq::context_t& context, const SharedCounters& shared, const char* name) {
  zmq::socket_t socket(context, zmq::socket_type::dealer);
  bound_queues(socket);
  socket.set(zmq::sockopt::routing_id, name);
  socket.set(zmq::sockopt::curve_serverkey, keys().server_public.data());
  socket.set(zmq::sockopt::curve_publickey, keys().site_public.data());
  socket.set(zmq::sockopt::curve_secretkey, keys().site_secret.data());
  socket.connect("tcp://127.0.0.1:" + std::to_string(shared.port.load()));
  return socket;
}

bool is_readable(zmq::socket_t& socket) {
  zmq::pollitem_t item{socket.handle(), 0, ZMQ_POLLIN, 0};
  return zmq::poll(&item, 1, kLook) > 0;
}

}  // namespace

void make_raw_keys() {
  zmq_curve_keypair(keys().server_public.data(), keys().server_secret.data());
  zmq_curve_keypair(keys().site_public.data(), keys().site_secret.data());
}

int run_raw_server(const Load&, SharedCounters& shared) {
  zmq::context_t context;
  zmq::socket_t router(context, zmq::socket_type::router);
  bound_queues(router);
  router.set(zmq::sockopt::router_mandatory, true);
  router.set(zmq::sockopt::curve_server, true);
  router.set(zmq::sockopt::curve_secretkey, keys().server_secret.data());
  router.bind("tcp://127.0.0.1:*");
  const std::string address = router.get(zmq::sockopt::last_endpoint);
  shared.port = static_cast<uint32_t>(std::stoul(address.substr(address.rfind(':') + 1)));
  zmq::message_t from, payload;
  while (shared.stop.load() == 0) {
    if (!is_readable(router)) continue;
    while (router.recv(from, zmq::recv_flags::dontwait)) {
      static_cast<void>(router.recv(payload));
      if (from.to_string_view() == "receiver") {
        router.send(from, zmq::send_flags::sndmore);  // its hello comes back: it is known
        router.send(payload, zmq::send_flags::none);
        continue;
      }
      try {
        router.send(zmq::str_buffer("receiver"), zmq::send_flags::sndmore);
        router.send(payload, zmq::send_flags::none);
      } catch (const zmq::error_t&) {
        return 0;  // the receiver has ended: the time is over
      }
    }
  }
  return 0;
}

int run_raw_receiver(const Load&, SharedCounters& shared) {
  zmq::context_t context;
  zmq::socket_t socket = site(context, shared, "receiver");
  socket.send(zmq::str_buffer("hello"));
  zmq::message_t message;
  static_cast<void>(socket.recv(message));
  shared.receiver_ready = 1;
  while (shared.stop.load() == 0)
    if (is_readable(socket))
      while (socket.recv(message, zmq::recv_flags::dontwait)) ++shared.received;
  return 0;
}

int run_raw_sender(const Load& load, SharedCounters& shared) {
  zmq::context_t context;
  zmq::socket_t socket = site(context, shared, "sender");
  const std::vector<uint8_t> payload(load.payload_size, 'x');
  shared.sender_ready = 1;
  uint64_t sent = 0;
  while (shared.stop.load() == 0) {
    if (shared.go.load() == 0 || sent - shared.received.load() >= load.window) {
      std::this_thread::sleep_until(std::chrono::steady_clock::now() + std::chrono::microseconds(50));
      continue;
    }
    if (socket.send(zmq::buffer(payload), zmq::send_flags::dontwait)) ++sent;
  }
  return 0;
}

}  // namespace fairlead::bench

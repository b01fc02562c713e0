#include "monitor.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace zmq_curve {
namespace {

std::string address_of(const void* socket) {
  return "inproc://fairlead.monitor." + std::to_string(std::hash<const void*>{}(socket));
}

/// Of the first part of an event: 16 bits what, 32 bits value, in the order of this machine.
SocketEvent read_event(const zmq::message_t& part) {
  std::array<uint8_t, sizeof(uint16_t)> what{};
  std::array<uint8_t, sizeof(int32_t)> value{};
  if (part.size() != what.size() + value.size()) return {};
  const auto* at = part.data<uint8_t>();
  std::copy_n(at, what.size(), what.begin());
  std::copy_n(at + what.size(), value.size(), value.begin());
  return {std::bit_cast<uint16_t>(what), std::bit_cast<int32_t>(value)};
}

}  // namespace

Monitor::Monitor(zmq::context_t& context, zmq::socket_t& socket)
    : watched_(socket), events_(context, zmq::socket_type::pair) {
  const std::string address = address_of(socket.handle());
  if (zmq_socket_monitor(socket.handle(), address.c_str(), ZMQ_EVENT_ALL) != 0)
    throw failure("cannot monitor a socket");
  // Without a limit: a thread of libzmq that waits for us to read could not be stopped any more.
  events_.set(zmq::sockopt::rcvhwm, 0);
  events_.set(zmq::sockopt::linger, 0);
  events_.connect(address);
}

Monitor::~Monitor() {
  stop();
  zmq_socket_monitor(watched_.handle(), nullptr, 0);
}

void Monitor::start(const fairlead_host& host, fairlead_loop* loop, Tell tell) {
  pump_.emplace(host, loop, events_, [this, tell = std::move(tell)] {
    drain(tell);
    return false;
  });
}

void Monitor::drain(const Tell& tell) {
  zmq::message_t part;
  while (receive(events_, part)) {
    const SocketEvent event = read_event(part);
    drop_rest(events_, part);
    tell(event);
  }
}

void Monitor::stop() noexcept {
  if (pump_) pump_->stop();
}

}  // namespace zmq_curve

#include "instance.hpp"

namespace zmq_curve {
namespace {

using fairlead::transport::Error;

/// How long bytes that were sent may still leave after their connection was closed, milliseconds.
constexpr int kLinger = 500;
/// Messages. The windows bound the bytes of who keeps to them, at far fewer messages than this.
constexpr int kSendQueue = 65'536;
/// Messages of one peer that libzmq reads ahead of us; each may be as large as max_message.
constexpr int kReceiveQueue = 256;
/// What CURVE adds to a message on its way, and our own packet header; generous.
constexpr int64_t kOverhead = 1024;
constexpr int kMissedHeartbeats = 3;

}  // namespace

zmq::socket_t make_socket(zmq::context_t& context, const Settings& settings, zmq::socket_type type,
                          std::string_view address) {
  zmq::socket_t socket(context, type);
  socket.set(zmq::sockopt::linger, kLinger);
  socket.set(zmq::sockopt::sndhwm, kSendQueue);
  socket.set(zmq::sockopt::rcvhwm, kReceiveQueue);
  socket.set(zmq::sockopt::maxmsgsize, settings.largest_message + kOverhead);
  socket.set(zmq::sockopt::handshake_ivl, settings.handshake_ms);
  socket.set(zmq::sockopt::heartbeat_ivl, settings.heartbeat_ms);
  socket.set(zmq::sockopt::heartbeat_timeout, settings.heartbeat_ms * kMissedHeartbeats);
  socket.set(zmq::sockopt::reconnect_ivl, -1);
  const bool is_literal = address.find(':') != address.rfind(':');
  socket.set(zmq::sockopt::ipv6, is_literal || settings.ipv6_names);
  return socket;
}

std::string endpoint_of(std::string_view address) {
  const size_t colon = address.rfind(':');
  if (colon == std::string_view::npos || colon + 1 == address.size())
    throw Error(FAIRLEAD_E_CONFIG, "address \"" + std::string(address) + "\" is not HOST:PORT");
  std::string host(address.substr(0, colon));
  if (host.empty()) host = "*";
  std::string port(address.substr(colon + 1));
  if (port.find_first_not_of("0123456789") != std::string::npos)
    throw Error(FAIRLEAD_E_CONFIG, "address \"" + std::string(address) + "\": the port is no number");
  return "tcp://" + host + ":" + port;
}

}  // namespace zmq_curve

#include "pump.hpp"

namespace zmq_curve {

Pump::Pump(const fairlead_host& host, fairlead_loop* loop, zmq::socket_ref socket, Serve serve)
    : socket_(socket), serve_(std::move(serve)), soon_(host, loop) {
  watch_.emplace(host, loop, socket_.get(zmq::sockopt::fd), FAIRLEAD_READABLE, [this](uint32_t) { run(); });
  look();
}

void Pump::run() {
  if (!is_stopped_ && serve_() && !is_stopped_) soon();
}

/// At the next turn, because to ask the socket costs as much as to read from it and sends come in rows.
void Pump::look() {
  if (!is_stopped_) soon();
}

void Pump::soon() {
  if (soon_.armed()) return;
  if (!soon_.start(0, [this] { run(); }))
    throw fairlead::transport::Error(FAIRLEAD_E_NO_RESOURCE, "the kernel has no timer to give");
}

void Pump::stop() noexcept {
  is_stopped_ = true;
  soon_.cancel();
  if (watch_) watch_->want(0);
}

bool receive(zmq::socket_ref socket, zmq::message_t& part) {
  return socket.recv(part, zmq::recv_flags::dontwait).has_value();
}

bool drop_rest(zmq::socket_ref socket, const zmq::message_t& part) {
  bool more = part.more();
  if (!more) return false;
  zmq::message_t rest;
  while (more && receive(socket, rest)) more = rest.more();
  return true;
}

}  // namespace zmq_curve

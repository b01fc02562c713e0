/// Serves a ZeroMQ socket on the home loop. Its descriptor is edge-triggered in meaning: it speaks once for
/// all that arrived, and a send may swallow what it would have said.
#pragma once
#include <fairlead/transport.hpp>
#include <functional>
#include <optional>

#include "zmq_face.hpp"

namespace zmq_curve {

class Pump {
 public:
  /// Takes what is there, a bounded burst of it; true: more may be there.
  using Serve = std::function<bool()>;
  /// `socket` outlives this object; `serve` may stop() it and must not destroy it.
  Pump(const fairlead_host& host, fairlead_loop* loop, zmq::socket_ref socket, Serve serve);
  /// After anything was done with the socket: the next turn of the loop takes what nobody will tell of.
  void look();
  void stop() noexcept;

 private:
  void run();
  void soon();

  zmq::socket_ref socket_;
  Serve serve_;
  bool is_stopped_ = false;
  fairlead::transport::Timer soon_;
  std::optional<fairlead::transport::Watch> watch_;
};

/// How many messages one turn of the loop takes from one socket.
inline constexpr int kBurst = 64;

/// One part of a message, without waiting; false: there is none.
bool receive(zmq::socket_ref socket, zmq::message_t& part);
/// Takes whatever parts follow `part`; true when there were any.
bool drop_rest(zmq::socket_ref socket, const zmq::message_t& part);

}  // namespace zmq_curve

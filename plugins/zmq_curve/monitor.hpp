/// What happens to the TCP connections of one socket, as libzmq's monitor tells it.
#pragma once
#include <cstdint>
#include <functional>
#include <string>

#include "pump.hpp"

namespace zmq_curve {

struct SocketEvent {
  uint16_t what = 0;  ///< ZMQ_EVENT_*
  int32_t value = 0;  ///< a descriptor, an errno or a ZAP status, by event
};

class Monitor {
 public:
  using Tell = std::function<void(const SocketEvent&)>;
  /// Call before the socket binds or connects. `socket` outlives this object. Throws Error.
  Monitor(zmq::context_t& context, zmq::socket_t& socket);
  ~Monitor();
  Monitor(const Monitor&) = delete;
  Monitor& operator=(const Monitor&) = delete;

  /// Tells every event from now on, from callbacks of the loop.
  void start(const fairlead_host& host, fairlead_loop* loop, Tell tell);
  /// Tells the events that are there now: what libzmq closed has been told before its descriptor is free
  /// again.
  void drain(const Tell& tell);
  void stop() noexcept;
  zmq::socket_ref socket() noexcept { return events_; }

 private:
  zmq::socket_t& watched_;
  zmq::socket_t events_;
  std::optional<Pump> pump_;
};

}  // namespace zmq_curve

/// The one door to libzmq: cppzmq, and how its failures become the SDK's errors.
#pragma once
#include <fairlead/transport.hpp>
#include <string>
#include <zmq.hpp>

namespace zmq_curve {

/// The present errno of libzmq as an Error: "doing: what libzmq says".
inline fairlead::transport::Error failure(const std::string& doing) {
  const int number = zmq_errno();
  const fairlead_status known = fairlead::transport::status_of(number);
  return {known, doing + ": " + zmq_strerror(number), number};
}

/// An option that cppzmq has no name for. Throws Error.
template <class T>
void set_option(zmq::socket_t& socket, int option, const T& value, const char* name) {
  if (zmq_setsockopt(socket.handle(), option, &value, sizeof value) != 0)
    throw failure(std::string("socket option ") + name);
}

}  // namespace zmq_curve

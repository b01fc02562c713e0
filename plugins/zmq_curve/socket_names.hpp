/// The TCP descriptors behind a ZeroMQ socket: what their ends are called, and how one of them is closed.
#pragma once
#include <fcntl.h>
#include <sys/socket.h>

#include <fairlead/transport.hpp>
#include <string>

namespace zmq_curve {

/// "1.2.3.4:5" or "[::1]:5"; empty when the descriptor is none of a connected socket any more.
std::string local_name(int fd);
std::string remote_name(int fd);

/// Ends the TCP connection behind a descriptor of libzmq's, whose own thread then finds it closed. `is_still`
/// is asked once the descriptor has been duplicated: has libzmq not told of its end? Then the duplicate is of
/// the right connection, because libzmq tells before it closes. Without a descriptor to spare the answer
/// alone has to do.
template <class IsStill>
void hang_up(int fd, IsStill is_still) {
  const fairlead::transport::Fd twin(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
  if (is_still()) ::shutdown(twin.get() >= 0 ? twin.get() : fd, SHUT_RDWR);
}

}  // namespace zmq_curve

/// What the listener and the connections of one transport instance share. Lives as long as the instance.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "settings.hpp"

namespace zmq_curve {

struct Instance {
  Settings settings;                        ///< replaced by reconfigure(); read when a socket is made
  std::unique_ptr<zmq::context_t> context;  ///< of who dials; its first socket starts libzmq's threads

  zmq::context_t& sockets() {
    if (!context) context = std::make_unique<zmq::context_t>(settings.io_threads);
    return *context;
  }
};

/// What every socket of ours has, whichever end. Throws Error.
zmq::socket_t make_socket(zmq::context_t& context, const Settings& settings, zmq::socket_type type,
                          std::string_view address);
/// "tcp://HOST:PORT" as libzmq takes it; an empty host listens on every address. Throws Error(E_CONFIG).
std::string endpoint_of(std::string_view address);

}  // namespace zmq_curve

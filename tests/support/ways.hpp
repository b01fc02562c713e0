/// Ways to connect that tests and benchmarks go through: a connection security over tcp, over zmq
/// ("zmq_mtls"), or the name of a transport that proves nothing ("unix", "exec").
#pragma once
#include <string>

namespace fairlead::support {

/// The lines at the top of a project file that connect everybody in this way; for "exec", the server's. Where
/// the sockets of "unix" are is the caller's to add.
inline std::string connection_of(const std::string& way) {
  if (way == "unix") return "connection_security: clear\nscheme: unix\n";
  if (way == "exec") return "connection_security: clear\n";
  if (way.starts_with("zmq_")) return "connection_security: " + way.substr(4) + "\nscheme: zmq\n";
  return "connection_security: " + way + "\n";
}
/// The same, with the folder of the sockets.
inline std::string connection_of(const std::string& way, const std::string& folder) {
  const std::string sockets = "transports: {unix: {directory: \"" + folder + "\"}}\n";
  return connection_of(way) + (way == "unix" ? sockets : std::string());
}

}  // namespace fairlead::support

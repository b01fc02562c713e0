/// Settings: everything a node is told when it is made, and the time-outs with their defaults.
#pragma once
#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace fairlead::node {

using namespace std::chrono_literals;

/// Time-outs of connections and sessions; keys of --set in brackets.
struct Timeouts {
  std::chrono::milliseconds connect{10s};    ///< [connect_timeout]
  std::chrono::milliseconds handshake{10s};  ///< [handshake_timeout] transport's own handshake
  std::chrono::milliseconds login{10s};      ///< [login_timeout] from opened to lane
  std::chrono::milliseconds first_byte{5s};  ///< [first_byte_timeout] after accept
  std::chrono::milliseconds heartbeat{10s};  ///< [heartbeat_interval] dead after three
  std::chrono::milliseconds frame_completion{30s};
  std::chrono::milliseconds slow_consumer{10s};
  std::chrono::milliseconds session_idle{120s};  ///< a session outlives its connections by this
};

/// What the command line (or an embedding program) decides.
struct Settings {
  std::filesystem::path kit;                       ///< folder of the startup kit
  std::string app;                                 ///< empty: the plain endpoint
  std::vector<std::string> set;                    ///< "key=value", as --set
  std::map<std::string, std::string> environment;  ///< FAIRLEAD_* variables
};

}  // namespace fairlead::node

/// The three processes of a relay: server, receiving site, sending site. Each runs one real node on a real
/// loop.
#pragma once
#include <string>

#include "bench/shared_counters.hpp"

namespace fairlead::bench {

struct Load {
  std::string server_kit, sender_kit, receiver_kit;
  size_t payload_size = 1024;
  uint64_t window = 8192;    ///< messages under way at most
  bool round_trips = false;  ///< request after request instead of a stream
  bool logins = false;       ///< login after login instead of messages
};

/// Each returns the exit code of its process and comes back when SharedCounters::stop is set.
int run_server(const Load& load, SharedCounters& shared);
int run_receiver(const Load& load, SharedCounters& shared);
int run_sender(const Load& load, SharedCounters& shared);
/// Logs in and leaves, again and again.
int run_logins(const Load& load, SharedCounters& shared);
/// The same as a site does it that tries until it is let in; the time of each login is a sample.
int run_login_times(const Load& load, SharedCounters& shared);

}  // namespace fairlead::bench

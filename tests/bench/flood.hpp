/// Strangers who flood a server: what they connect for and how. Plain sockets, no login of their own.
#pragma once
#include <string>

#include "base/bytes.hpp"
#include "bench/shared_counters.hpp"

namespace fairlead::bench {

struct Flood {
  enum class Kind {
    none,
    half_open,  ///< sends the first flight of a login and nothing more; connects again when it is ended
    forged,     ///< sends messages under a lane that it does not have; connects again when it is ended
    slow        ///< sends a byte a second; connects again when it is ended
  };
  Kind kind = Kind::none;
  size_t connections = 0;        ///< kept open, as far as the server lets them
  uint64_t per_second = 0;       ///< forged: messages in all
  bool has_own_address = false;  ///< from 127.0.0.2 and not from where honest sites connect
  base::Bytes bytes{};           ///< half_open: the first flight; forged: a hundred messages; slow: a frame
};

/// Floods until SharedCounters::stop is set; counts connections in `received` and messages in `logins`.
int run_flood(const Flood& flood, SharedCounters& shared);

}  // namespace fairlead::bench

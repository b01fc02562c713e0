/// LinkContext: what every link of a node shares.
#pragma once
#include <chrono>
#include <string>

#include "auth/gate.hpp"
#include "base/log.hpp"
#include "link/flusher.hpp"
#include "loop/buffer_pool.hpp"
#include "loop/loop.hpp"

namespace fairlead::link {

/// Time-outs of one connection.
struct LinkTimeouts {
  std::chrono::milliseconds handshake{10'000};      ///< accepted or dialled until opened
  std::chrono::milliseconds first_byte{5'000};      ///< opened until the first byte (server)
  std::chrono::milliseconds login{10'000};          ///< HELLO until the lane is up
  std::chrono::milliseconds flight{2'000};          ///< for each answer of the client in between (server)
  std::chrono::milliseconds heartbeat{10'000};      ///< between PINGs; three unanswered ones are the end
  std::chrono::milliseconds slow_consumer{10'000};  ///< over the high-water mark without progress
};

/// References outlive every link.
struct LinkContext {
  loop::Loop& loop;
  Flusher& flusher;
  loop::BufferPool& pool;
  base::Log& log;
  LinkTimeouts timeouts{};
  auth::GateLimits gate{};
  /// " through the proxy URL" for errors about a connection; empty without one.
  std::string way{};
};

}  // namespace fairlead::link

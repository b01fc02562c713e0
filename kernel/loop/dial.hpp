/// Dial: name to connected TCP socket without blocking, trying all addresses (RFC 8305, happy eyeballs).
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "loop/loop.hpp"

namespace fairlead::loop {

/// A connected non-blocking, close-on-exec descriptor that the receiver owns, or the error.
using DialDone = std::function<void(base::Result<int> fd)>;

/// One attempt. Destroying it cancels it; `done` never runs afterwards. [home]
class Dialing {
 public:
  virtual ~Dialing() = default;
};

/// `host_port` is "host:port" or "[v6]:port". `done` runs on the loop, never inside this call.
/// Errors are cannot_connect with what was tried, on which addresses, and what happened. [home]
std::unique_ptr<Dialing> dial(Loop& loop, std::string_view host_port, DialDone done);

}  // namespace fairlead::loop

/// Sockets of the kit's own, to reach a plugin's listener without the plugin.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "setup.hpp"
#include "text.hpp"
#include "world.hpp"

namespace fairlead::check {

/// A descriptor that is closed with this object.
class Socket {
 public:
  explicit Socket(int fd = -1) noexcept : fd_(fd) {}
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Socket();
  int fd() const noexcept { return fd_; }

 private:
  int fd_;
};

/// Connects to a listener; "host:port" reaches 127.0.0.1, a unix address is a path. Fails the check
/// otherwise.
Socket connect_raw(Wire wire, const std::string& address);
/// Sends as much as the socket takes at once, then ends the write side.
void send_and_end(const Socket& socket, View bytes);
/// Reads and forgets what is there.
void discard_input(const Socket& socket);

/// Stands between a dialler and a listener and records what the dialler sends.
class Relay {
 public:
  /// `dir` is for the socket file of a unix wire.
  Relay(World& world, Wire wire, const std::string& behind, const std::string& dir);
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;
  ~Relay();
  /// Where to dial.
  const std::string& address() const noexcept { return address_; }
  const Bytes& recorded() const noexcept { return recorded_; }

 private:
  static void ready(void* self, uint32_t events);
  void step();
  void begin();
  bool forward(const Socket& from, const Socket& to, Bytes* record);

  World& world_;
  Wire wire_;
  std::string behind_, address_;
  Socket listening_, front_, back_;
  std::vector<Watch*> watches_;
  Bytes recorded_;
};

}  // namespace fairlead::check

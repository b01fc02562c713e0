/// Relay: stands on a port in front of a server and writes down what passes, or answers with bytes of its
/// own.
#pragma once
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "kit/descriptor.hpp"

namespace fairlead::integration {

/// A TCP port of this machine that is open and listening.
struct ListeningPort {
  kit::Descriptor socket;
  std::string number;
};
ListeningPort open_port();

/// A port of this machine that nobody else gets: bound and never listening, so that a server that reuses
/// addresses may listen on it, leave and come back.
struct ReservedPort {
  ReservedPort();
  kit::Descriptor socket;
  std::string number;
};

/// A connection to a TCP port of this machine; none when nobody takes it.
kit::Descriptor connect_to(const std::string& port);

/// Connects, sends all of it and waits until the other side has closed.
void send_and_read_to_end(const std::string& port, std::string_view bytes);

/// Runs on a thread of its own from construction to destruction.
class Relay {
 public:
  struct Plan {
    std::string target{};  ///< port of the server; empty: nobody behind
    std::string answer{};  ///< what a client gets as soon as it has connected
  };
  explicit Relay(Plan plan);
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;
  ~Relay();

  const std::string& port() const noexcept { return port_.number; }
  /// Breaks every connection that is there; later ones pass.
  void cut();
  /// Everything that clients sent so far.
  std::string from_clients() const;
  /// Everything that the server sent so far.
  std::string from_server() const;

 private:
  struct Pair {
    kit::Descriptor client, server;
  };
  void run();
  void accept_one();
  /// One read of `from`, written down and sent to `to`; both are closed at its end.
  void pass(Pair& pair, kit::Descriptor& from, const kit::Descriptor& to, std::string& record);

  Plan plan_;
  ListeningPort port_ = open_port();
  kit::Descriptor stop_, cut_;
  std::vector<Pair> pairs_;
  mutable std::mutex mutex_;
  std::string from_clients_, from_server_;
  std::thread thread_;
};

}  // namespace fairlead::integration

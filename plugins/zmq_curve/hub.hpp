/// The listening end: one ROUTER socket, its ZAP handler, and who is connected to it.
#pragma once
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "instance.hpp"
#include "link.hpp"
#include "monitor.hpp"
#include "peer_keys.hpp"
#include "zap.hpp"

namespace zmq_curve {

class Peer;

/// One TCP connection that libzmq accepted. Its descriptor alone would not do: the next connection gets the
/// same one as soon as this one is over, before we have heard of either.
struct LineId {
  int fd = -1;
  uint64_t number = 0;  ///< of the connections of one listener, from 1
};

/// Lives until its listener and the last of its connections are gone.
class Hub {
 public:
  /// Whom the hub tells of a new connection, before it may carry anything.
  using Accept = std::function<void(std::unique_ptr<Peer>)>;

  /// Throws Error. `instance` outlives it.
  Hub(const fairlead_host& host, fairlead_loop* loop, Instance& instance, std::string_view address);
  ~Hub();
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;

  /// Proves that strangers are refused (mtls), then opens the port. `self` is kept by the connections. Throws
  /// Error.
  void open(std::string_view address, std::weak_ptr<Hub> self, Accept accept);
  /// No further connections; those that are there stay.
  void shut() noexcept;
  /// The bound address, port resolved, without a scheme; empty when it is shut.
  const std::string& address() const noexcept { return address_; }

  // For its connections.
  Sent transmit(const std::string& id, zmq::message_t& packet);
  void forget(const std::string& id) noexcept;
  /// The peer should end by itself; after a second it is made to.
  void expect_end(const LineId& line) noexcept;
  void hang_up(const LineId& line) noexcept;

 private:
  struct Line {
    uint64_t number = 0;    ///< as in LineId
    uint64_t deadline = 0;  ///< of a hello or of its end, nanoseconds; 0: none
    std::string id;         ///< once it has said hello
  };

  bool serve();
  void take(const std::string& id, zmq::message_t packet);
  void welcome_peer(const std::string& id, const zmq::message_t& packet);
  void happened(const SocketEvent& event);
  void gone(int fd);
  void settle_losses();
  void sweep();
  void drop_unknown();
  void zap_died();
  /// nullptr: it is over.
  Line* find(const LineId& id) noexcept;
  void end_line(const LineId& id);
  void unbind() noexcept;
  void doom(const LineId& line);
  void end_doomed();
  void accept_failed();
  void refill_reserve();

  const fairlead_host& host_;
  fairlead_loop* loop_;
  Instance& instance_;
  Security security_;
  PublicKey own_key_{};
  std::weak_ptr<Hub> self_;
  Accept accept_;
  std::string endpoint_, address_;
  PeerKeys keys_;
  int listening_fd_ = -1;
  zmq::context_t context_;  ///< of its own: a context has one ZAP handler
  zmq::socket_t socket_;
  Monitor monitor_;
  std::unique_ptr<ZapHandler> zap_;
  std::unique_ptr<ZapGuard> guard_;
  std::unique_ptr<Pump> pump_;
  fairlead::transport::Timer sweep_;
  std::map<int, Line> lines_;  ///< by descriptor
  std::unordered_map<std::string, Peer*> peers_;
  /// Descriptors to give up when none are left: libzmq tries to accept without a pause. With the last one
  /// only to hang up.
  std::vector<fairlead::transport::Fd> reserve_;
  bool is_giving_up_ = false;
  uint64_t accepted_ = 0;
  std::vector<LineId> doomed_;     ///< beyond max_peers
  std::vector<std::string> lost_;  ///< peers whose line is gone, with messages still to be read
};

}  // namespace zmq_curve

/// One accepted connection: a routing id of the hub's ROUTER socket.
#pragma once
#include "hub.hpp"

namespace zmq_curve {

class Peer final : public Link {
 public:
  /// `hub` is held: the socket lives as long as its last connection.
  Peer(const fairlead_host& host, fairlead_loop* loop, const Settings& settings, std::shared_ptr<Hub> hub,
       std::string id, LineId line);
  ~Peer() override;
  /// Answers the peer's hello and reports opened().
  void welcome_with(Proof proof);
  const PublicKey* key() const noexcept { return has_key_ ? &key_ : nullptr; }

 private:
  Sent transmit(zmq::message_t& packet) override;
  void leave(Leave how) noexcept override;

  const std::shared_ptr<Hub> hub_;  ///< owners: the listener and the hub's connections
  std::string id_;
  LineId line_;
  PublicKey key_{};
  bool has_key_ = false;
};

}  // namespace zmq_curve

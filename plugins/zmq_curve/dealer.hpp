/// The dialling end: one DEALER socket for one connection. It never reconnects by itself: a connection that
/// breaks is a closed one, and the kernel dials again.
#pragma once
#include "instance.hpp"
#include "link.hpp"
#include "monitor.hpp"

namespace zmq_curve {

class Dealer final : public Link {
 public:
  /// Starts connecting. Throws Error; `instance` outlives the connection.
  Dealer(const fairlead_host& host, fairlead_loop* loop, std::string_view address, Instance& instance);

 private:
  Sent transmit(zmq::message_t& packet) override;
  void leave(Leave how) noexcept override;
  bool greeted(Kind kind) override;

  bool serve();
  void happened(const SocketEvent& event);
  void settle_loss();
  Proof proof() const;

  Security security_;
  std::optional<PublicKey> server_;
  std::string address_, local_, remote_;
  zmq::socket_t socket_;
  Monitor monitor_;
  Pump pump_;
  bool was_connected_ = false, is_lost_ = false;
};

}  // namespace zmq_curve

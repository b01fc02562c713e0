/// Listens on a TCP address and gives each peer that said hello to the kernel.
#pragma once
#include "peer.hpp"

namespace zmq_curve {

class ZmqListener final : public fairlead::transport::Listener {
 public:
  /// Throws Error. `instance` outlives the listener and its connections.
  ZmqListener(const fairlead_host& host, fairlead_loop* loop, std::string_view address,
              fairlead_listener* kernel, Instance& instance)
      : Listener(host, kernel), hub_(std::make_shared<Hub>(host, loop, instance, address)) {
    hub_->open(address, hub_, [this](std::unique_ptr<Peer> made) { hand_over(std::move(made)); });
    address_ = hub_->address();
  }
  ~ZmqListener() override { hub_->shut(); }
  ZmqListener(const ZmqListener&) = delete;
  ZmqListener& operator=(const ZmqListener&) = delete;
  std::string_view address() const override { return address_; }

 private:
  std::shared_ptr<Hub> hub_;  ///< owners: this and the hub's connections
  std::string address_;
};

}  // namespace zmq_curve

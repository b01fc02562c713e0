#include "peer.hpp"

namespace zmq_curve {

Peer::Peer(const fairlead_host& host, fairlead_loop* loop, const Settings& settings, std::shared_ptr<Hub> hub,
           std::string id, LineId line)
    : Link(host, loop, settings), hub_(std::move(hub)), id_(std::move(id)), line_(line) {}

/// The kernel may refuse it before it opened; then nobody called leave().
Peer::~Peer() {
  if (has_ended()) return;
  hub_->forget(id_);
  hub_->hang_up(line_);
}

void Peer::welcome_with(Proof proof) {
  key_ = proof.peer_key;
  has_key_ = proof.has_key;
  zmq::message_t packet = welcome();
  if (transmit(packet) != Sent::kYes)
    return end(FAIRLEAD_E_RESET, "the peer was gone before it was welcomed", Leave::kAtOnce);
  open(std::move(proof));
}

Sent Peer::transmit(zmq::message_t& packet) { return hub_->transmit(id_, packet); }

void Peer::leave(Leave how) noexcept {
  hub_->forget(id_);
  if (how == Leave::kAtOnce)
    hub_->hang_up(line_);
  else
    hub_->expect_end(line_);
}

}  // namespace zmq_curve

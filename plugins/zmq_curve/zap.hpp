/// The ZAP handler of one context: decides which CURVE key may connect. And the guard that closes the door
/// when the handler does not answer any more.
#pragma once
#include <functional>
#include <optional>
#include <string>

#include "pump.hpp"
#include "zap_request.hpp"

namespace zmq_curve {

/// Runs on the home loop: without it no CURVE handshake ends well, because the socket enforces its domain.
class ZapHandler {
 public:
  /// May this key connect? Never inside of a call of ours.
  using Judge = std::function<bool(const PublicKey& key)>;
  /// Throws Error. `context` and `host` outlive it.
  ZapHandler(zmq::context_t& context, const fairlead_host& host, fairlead_loop* loop, Judge judge);
  /// Answers what has been asked; for who waits for an answer without the loop.
  void serve();
  zmq::socket_ref socket() noexcept { return socket_; }

 private:
  bool serve_some();
  void answer(std::span<const std::string> request);

  zmq::socket_t socket_;
  Judge judge_;
  Pump pump_;
};

/// Asks the handler like a listener does, five times a second.
class ZapGuard {
 public:
  /// `dead` is called once, from a callback, 750 ms after the last answer at the latest.
  ZapGuard(zmq::context_t& context, const fairlead_host& host, fairlead_loop* loop,
           std::function<void()> dead);

 private:
  void ask();
  void tick();

  zmq::socket_t socket_;
  fairlead::transport::Timer timer_;
  std::function<void()> dead_;
  int missed_ = 0;
};

}  // namespace zmq_curve

#include "canary.hpp"

#include <chrono>

#include "monitor.hpp"

namespace zmq_curve {
namespace {

using fairlead::transport::Error;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{3};
constexpr std::chrono::milliseconds kStep{2};

enum class Verdict { kNone, kRefused, kOther };

Verdict verdict_of(const SocketEvent& event) {
  switch (event.what) {
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
      return Verdict::kRefused;
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
    case ZMQ_EVENT_DISCONNECTED:
      return Verdict::kOther;
    default:
      return Verdict::kNone;
  }
}

Verdict wait_for_verdict(Monitor& monitor, const std::function<void()>& serve_zap) {
  Verdict verdict = Verdict::kNone;
  for (const auto until = Clock::now() + kPatience; verdict == Verdict::kNone && Clock::now() < until;) {
    zmq::pollitem_t item{monitor.socket().handle(), 0, ZMQ_POLLIN, 0};
    zmq::poll(&item, 1, kStep);
    if (serve_zap) serve_zap();
    monitor.drain([&](const SocketEvent& event) {
      if (verdict == Verdict::kNone) verdict = verdict_of(event);
    });
  }
  return verdict;
}

}  // namespace

void prove_that_strangers_are_refused(zmq::context_t& context, zmq::socket_t& listening,
                                      const PublicKey& server, const std::function<void()>& serve_zap) {
  listening.bind("tcp://127.0.0.1:*");
  const std::string address = listening.get(zmq::sockopt::last_endpoint);
  const KeyPair stranger = fresh_key_pair();
  zmq::socket_t canary(context, zmq::socket_type::dealer);
  canary.set(zmq::sockopt::linger, 0);
  canary.set(zmq::sockopt::reconnect_ivl, -1);
  set_option(canary, ZMQ_CURVE_SERVERKEY, server, "curve_serverkey");
  set_option(canary, ZMQ_CURVE_PUBLICKEY, stranger.public_key, "curve_publickey");
  set_option(canary, ZMQ_CURVE_SECRETKEY, stranger.secret.bytes(), "curve_secretkey");
  Verdict verdict = Verdict::kNone;
  {
    Monitor monitor(context, canary);
    canary.connect(address);
    verdict = wait_for_verdict(monitor, serve_zap);
  }
  listening.unbind(address);
  if (verdict == Verdict::kRefused) return;
  throw Error(FAIRLEAD_E_INTERNAL,
              "an unknown CURVE key was not refused by the listener's own rule; the port "
              "stays closed");
}

}  // namespace zmq_curve

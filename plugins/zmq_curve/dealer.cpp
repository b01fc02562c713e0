#include "dealer.hpp"

#include "socket_names.hpp"

namespace zmq_curve {
namespace {

using fairlead::transport::Error;

/// Without a key of its own (tls) a dialler takes one that lives as long as the connection.
void arm(zmq::socket_t& socket, const Settings& settings) {
  if (!settings.is_secure()) return;
  if (!settings.server)
    throw Error(FAIRLEAD_E_CREDENTIAL, "option server_curve: dialling with CURVE needs the listener's key");
  if (!settings.own && settings.security == Security::kMtls)
    throw Error(FAIRLEAD_E_CREDENTIAL, "option curve_key: mtls needs a CURVE key of our own");
  const KeyPair fresh = settings.own ? KeyPair{} : fresh_key_pair();
  const KeyPair& own = settings.own ? *settings.own : fresh;
  set_option(socket, ZMQ_CURVE_SERVERKEY, *settings.server, "curve_serverkey");
  set_option(socket, ZMQ_CURVE_PUBLICKEY, own.public_key, "curve_publickey");
  set_option(socket, ZMQ_CURVE_SECRETKEY, own.secret.bytes(), "curve_secretkey");
}

zmq::socket_t armed_socket(Instance& instance, std::string_view address) {
  zmq::socket_t socket =
      make_socket(instance.sockets(), instance.settings, zmq::socket_type::dealer, address);
  arm(socket, instance.settings);
  return socket;
}

}  // namespace

Dealer::Dealer(const fairlead_host& host, fairlead_loop* loop, std::string_view address, Instance& instance)
    : Link(host, loop, instance.settings),
      security_(instance.settings.security),
      server_(instance.settings.server),
      address_(endpoint_of(address)),
      remote_(address),
      socket_(armed_socket(instance, address)),
      monitor_(instance.sockets(), socket_),
      pump_(host, loop, socket_, [this] { return serve(); }) {
  monitor_.start(host, loop, [this](const SocketEvent& event) { happened(event); });
  if (zmq_connect(socket_.handle(), address_.c_str()) != 0)
    throw Error(FAIRLEAD_E_CONFIG, failure("cannot connect to " + address_).what(), zmq_errno());
  zmq::message_t first = hello();
  transmit(first);
}

Sent Dealer::transmit(zmq::message_t& packet) {
  const bool taken = socket_.send(packet, zmq::send_flags::dontwait).has_value();
  pump_.look();
  return taken ? Sent::kYes : Sent::kFull;
}

bool Dealer::serve() {
  zmq::message_t packet;
  for (int i = 0; i < kBurst; ++i) {
    if (!receive(socket_, packet)) {
      settle_loss();
      return false;
    }
    if (has_ended()) continue;
    if (drop_rest(socket_, packet))
      end(FAIRLEAD_E_PROTOCOL, "a message of several parts", Leave::kAtOnce);
    else
      arrived(std::move(packet));
  }
  return true;
}

bool Dealer::greeted(Kind kind) {
  if (kind != Kind::kWelcome || !is_opening()) return false;
  open(proof());
  return true;
}

Proof Dealer::proof() const {
  Proof proof;
  proof.local = local_;
  proof.remote = remote_;
  if (security_ == Security::kClear) return proof;
  proof.security = FAIRLEAD_SEC_CONFIDENTIAL | FAIRLEAD_SEC_PEER_VERIFIED;
  if (security_ == Security::kMtls) proof.security |= FAIRLEAD_SEC_SELF_PROVEN;
  proof.peer_key = *server_;
  proof.has_key = true;
  return proof;
}

void Dealer::happened(const SocketEvent& event) {
  if (has_ended()) return;
  switch (event.what) {
    case ZMQ_EVENT_CONNECTED:
      was_connected_ = true;
      local_ = local_name(event.value);
      if (std::string name = remote_name(event.value); !name.empty()) remote_ = std::move(name);
      return;
    case ZMQ_EVENT_CLOSED:
      return lost(FAIRLEAD_E_REFUSED, "nobody accepts connections at " + address_);
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
      return lost(FAIRLEAD_E_PEER_AUTH,
                  "the listener refused our CURVE key (ZAP status " + std::to_string(event.value) + ")");
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
      return lost(security_ == Security::kClear ? FAIRLEAD_E_PROTOCOL : FAIRLEAD_E_PEER_AUTH,
                  "the handshake failed: the listener has another key or another mechanism");
    case ZMQ_EVENT_DISCONNECTED:
      is_lost_ = true;
      return settle_loss();
    default:
      return;
  }
}

/// What the peer sent before it went is still to be read: the end comes after the last message.
void Dealer::settle_loss() {
  if (!is_lost_ || has_ended()) return;
  if ((socket_.get(zmq::sockopt::events) & ZMQ_POLLIN) != 0) return pump_.look();
  if (is_opening() && was_connected_ && security_ != Security::kClear)
    return lost(FAIRLEAD_E_PEER_AUTH,
                "the listener ended the handshake: it has another key, or does not take ours");
  lost(FAIRLEAD_E_RESET, "the connection was lost");
}

/// The pump goes on: libzmq takes a connection down by messages that somebody has to read.
void Dealer::leave(Leave how) noexcept {
  monitor_.stop();
  const int linger = 0;
  if (how == Leave::kAtOnce) zmq_setsockopt(socket_.handle(), ZMQ_LINGER, &linger, sizeof linger);
  zmq_disconnect(socket_.handle(), address_.c_str());
  fairlead::transport::detail::contain(host(), [this] { pump_.look(); });
}

}  // namespace zmq_curve

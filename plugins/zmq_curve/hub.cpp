#include "hub.hpp"

#include <linux/filter.h>

#include <algorithm>

#include "canary.hpp"
#include "peer.hpp"
#include "socket_names.hpp"

namespace zmq_curve {
namespace {

using fairlead::transport::Error;
using fairlead::transport::text;

constexpr uint64_t kSecond = 1'000'000'000;
constexpr uint64_t kSweepEvery = kSecond / 4;
constexpr size_t kReserve = 2;
constexpr uint64_t kTaking = kSecond / 50;
/// From a TCP connection to its hello, the handshake apart; from our goodbye to its end.
constexpr uint64_t kHelloWithin = 5 * kSecond, kEndWithin = kSecond;

/// ZMQ_ZAP_ENFORCE_DOMAIN of libzmq 4.3.4, whose name its headers hide while the option works: without a
/// handler nobody gets in, instead of everybody.
constexpr int kZapEnforceDomain = 93;

zmq::socket_t armed_socket(zmq::context_t& context, const Settings& settings, std::string_view address) {
  zmq::socket_t socket = make_socket(context, settings, zmq::socket_type::router, address);
  socket.set(zmq::sockopt::router_mandatory, true);
  socket.set(zmq::sockopt::router_handover, false);
  if (!settings.is_secure()) return socket;
  set_option(socket, ZMQ_CURVE_SERVER, 1, "curve_server");
  set_option(socket, ZMQ_CURVE_SECRETKEY, settings.own->secret.bytes(), "curve_secretkey");
  socket.set(zmq::sockopt::zap_domain, std::string(kZapDomain));
  set_option(socket, kZapEnforceDomain, 1, "zap_enforce_domain");
  return socket;
}

/// An empty host or "::" takes IPv6 and IPv4 together, IPv4 alone where the system has no IPv6.
void bind(zmq::socket_t& socket, std::string_view address) {
  std::string endpoint = endpoint_of(address);
  const bool is_any = endpoint.starts_with("tcp://*:") || endpoint.starts_with("tcp://[::]:");
  if (is_any) socket.set(zmq::sockopt::ipv6, true);
  if (zmq_bind(socket.handle(), endpoint.c_str()) == 0) return;
  if (is_any && zmq_errno() != EADDRINUSE && zmq_errno() != EACCES) {
    socket.set(zmq::sockopt::ipv6, false);
    endpoint = "tcp://*" + endpoint.substr(endpoint.rfind(':'));
    if (zmq_bind(socket.handle(), endpoint.c_str()) == 0) return;
  }
  const Error error = failure("cannot listen on " + std::string(address));
  const bool is_absent = error.os_errno() == ENODEV || error.os_errno() == EADDRNOTAVAIL;
  throw is_absent ? Error(FAIRLEAD_E_CONFIG, error.what(), error.os_errno()) : error;
}

/// The key that ZAP let in, as it stands in the message's User-Id; nothing when there is none.
std::optional<PublicKey> key_in(const zmq::message_t& packet) {
  const char* user = zmq_msg_gets(packet.handle(), "User-Id");
  if (user == nullptr || std::string_view(user).size() != 2 * kKeySize) return std::nullopt;
  return key_from_hex(user, "User-Id");
}

}  // namespace

Hub::Hub(const fairlead_host& host, fairlead_loop* loop, Instance& instance, std::string_view address)
    : host_(host),
      loop_(loop),
      instance_(instance),
      security_(instance.settings.security),
      keys_(host),
      context_(instance.settings.io_threads),
      socket_(armed_socket(context_, instance.settings, address)),
      monitor_(context_, socket_),
      sweep_(host, loop) {
  if (instance.settings.own) own_key_ = instance.settings.own->public_key;
}

Hub::~Hub() {
  sweep_.cancel();
  if (pump_) pump_->stop();
}

void Hub::open(std::string_view address, std::weak_ptr<Hub> self, Accept accept) {
  self_ = std::move(self);
  accept_ = std::move(accept);
  if (security_ != Security::kClear)
    zap_ = std::make_unique<ZapHandler>(context_, host_, loop_, [this](const PublicKey& key) {
      return security_ == Security::kTls || keys_.knows(key);
    });
  if (security_ == Security::kMtls)
    prove_that_strangers_are_refused(context_, socket_, own_key_, [this] { zap_->serve(); });
  bind(socket_, address);
  endpoint_ = socket_.get(zmq::sockopt::last_endpoint);
  address_ = endpoint_.substr(endpoint_.find("//") + 2);
  monitor_.start(host_, loop_, [this](const SocketEvent& event) { happened(event); });
  pump_ = std::make_unique<Pump>(host_, loop_, socket_, [this] { return serve(); });
  if (zap_) guard_ = std::make_unique<ZapGuard>(context_, host_, loop_, [this] { zap_died(); });
  keys_.on_change([this] { drop_unknown(); });
  sweep();
}

/// To unbind takes the accepted connections down as well. As long as there are some the port stays bound and
/// what comes to it is dropped, so that who knocks tries again later instead of being sent away.
void Hub::shut() noexcept {
  accept_ = nullptr;
  if (peers_.empty()) return unbind();
  sock_filter drop = BPF_STMT(BPF_RET | BPF_K, 0);
  const sock_fprog program{1, &drop};
  if (::setsockopt(listening_fd_, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0)
    host_.log(host_.ctx, FAIRLEAD_LOG_WARN, text("connections to a closed listener are ended one by one"));
}

void Hub::unbind() noexcept {
  if (!endpoint_.empty()) zmq_unbind(socket_.handle(), endpoint_.c_str());
  endpoint_.clear();
}

/// Nobody could connect any more: libzmq refuses without an answer. Better that it is seen from outside.
void Hub::zap_died() {
  const std::string line = "the ZAP handler does not answer: no longer listening on " + address_;
  host_.log(host_.ctx, FAIRLEAD_LOG_ERROR, text(line));
  accept_ = nullptr;
  unbind();
}

bool Hub::serve() {
  zmq::message_t id, packet;
  for (int i = 0; i < kBurst; ++i) {
    if (!receive(socket_, id)) {
      settle_losses();
      return false;
    }
    if (!id.more() || !receive(socket_, packet)) continue;
    const bool is_whole = !drop_rest(socket_, packet);
    fairlead::transport::detail::contain(
        host_, [&] { take(id.to_string(), is_whole ? std::move(packet) : zmq::message_t()); });
  }
  return true;
}

void Hub::take(const std::string& id, zmq::message_t packet) {
  const auto known = peers_.find(id);
  if (known != peers_.end()) return known->second->arrived(std::move(packet));
  welcome_peer(id, packet);
}

/// Anything but a hello from somebody unknown is what a connection that we ended had under way, or a stranger
/// who does not keep to the protocol; the sweep ends both.
void Hub::welcome_peer(const std::string& id, const zmq::message_t& packet) {
  if (kind_of(bytes_of(packet)) != Kind::kHello) return;
  const int fd = zmq_msg_get(packet.handle(), ZMQ_SRCFD);
  // The events come first: is this the connection that the descriptor stands for now?
  monitor_.drain([this](const SocketEvent& event) { happened(event); });
  const auto line = lines_.find(fd);
  const std::shared_ptr<Hub> self = self_.lock();
  if (line == lines_.end() || !line->second.id.empty() || !accept_ || !self) return;
  const auto key = key_in(packet);
  if (security_ != Security::kClear && !key) return;
  line->second.id = id;
  line->second.deadline = 0;
  const LineId on{fd, line->second.number};
  auto made = std::make_unique<Peer>(host_, loop_, instance_.settings, self, id, on);
  peers_.emplace(id, made.get());
  accept_(std::move(made));
  const auto taken = peers_.find(id);
  if (taken == peers_.end()) return;
  Proof proof;
  proof.local = address_;
  proof.remote = remote_name(fd);
  if (key) {
    proof.peer_key = *key;
    proof.has_key = true;
    proof.security = FAIRLEAD_SEC_CONFIDENTIAL | FAIRLEAD_SEC_SELF_PROVEN;
    if (security_ == Security::kMtls) proof.security |= FAIRLEAD_SEC_PEER_VERIFIED;
  }
  taken->second->welcome_with(std::move(proof));
}

void Hub::happened(const SocketEvent& event) {
  if (event.what == ZMQ_EVENT_LISTENING) listening_fd_ = event.value;
  if (event.what == ZMQ_EVENT_DISCONNECTED) return gone(event.value);
  if (event.what == ZMQ_EVENT_ACCEPT_FAILED) return accept_failed();
  if (event.what != ZMQ_EVENT_ACCEPTED) return;
  ++accepted_;
  const uint64_t now = host_.now_ns(host_.ctx);
  const auto handshake = static_cast<uint64_t>(instance_.settings.handshake_ms) * kMillisecond;
  lines_[event.value] = {accepted_, now + handshake + kHelloWithin, {}};
  if (!accept_ || reserve_.empty() || lines_.size() > instance_.settings.most_peers)
    doom({event.value, accepted_});
}

/// At the next turn of the loop: events of before may still be on their way to us.
void Hub::doom(const LineId& line) {
  doomed_.push_back(line);
  static_cast<void>(sweep_.start(0, [this] { sweep(); }));
}

/// Waits a moment for libzmq to take what was given up, before something else of this process does.
void Hub::accept_failed() {
  if (reserve_.empty() || is_giving_up_) return;
  const std::string line =
      "out of descriptors: " + std::to_string(lines_.size()) + " connections on " + address_;
  host_.log(host_.ctx, FAIRLEAD_LOG_WARN, text(line));
  reserve_.pop_back();
  is_giving_up_ = true;
  const uint64_t accepted = accepted_, until = host_.now_ns(host_.ctx) + kTaking;
  while (accepted_ == accepted && host_.now_ns(host_.ctx) < until) {
    zmq::pollitem_t item{monitor_.socket().handle(), 0, ZMQ_POLLIN, 0};
    zmq::poll(&item, 1, std::chrono::milliseconds(1));
    monitor_.drain([this](const SocketEvent& event) { happened(event); });
  }
  is_giving_up_ = false;
}

void Hub::refill_reserve() {
  while (reserve_.size() < kReserve) {
    fairlead::transport::Fd spare(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (spare.get() < 0) return;
    reserve_.push_back(std::move(spare));
  }
}

void Hub::gone(int fd) {
  const auto line = lines_.find(fd);
  if (line == lines_.end()) return;
  if (peers_.contains(line->second.id)) lost_.push_back(std::move(line->second.id));
  lines_.erase(line);
  refill_reserve();
  settle_losses();
}

/// What a peer sent before it went is still to be read: its end comes after its last message.
void Hub::settle_losses() {
  if (lost_.empty()) return;
  if ((socket_.get(zmq::sockopt::events) & ZMQ_POLLIN) != 0) return pump_->look();
  for (const std::string& id : std::exchange(lost_, {})) {
    const auto peer = peers_.find(id);
    if (peer != peers_.end()) peer->second->lost(FAIRLEAD_E_RESET, "the connection was lost");
  }
}

void Hub::sweep() {
  const uint64_t now = host_.now_ns(host_.ctx);
  end_doomed();
  refill_reserve();
  std::vector<LineId> due;
  for (const auto& [fd, line] : lines_)
    if (line.deadline != 0 && line.deadline <= now) due.push_back({fd, line.number});
  for (const LineId& line : due) end_line(line);
  if (sweep_.start(kSweepEvery, [this] { sweep(); })) return;
  host_.log(host_.ctx, FAIRLEAD_LOG_ERROR, text("no timer to give: idle connections stay"));
}

void Hub::end_doomed() {
  for (const LineId& line : std::exchange(doomed_, {})) end_line(line);
}

Hub::Line* Hub::find(const LineId& id) noexcept {
  const auto line = lines_.find(id.fd);
  return line != lines_.end() && line->second.number == id.number ? &line->second : nullptr;
}

void Hub::end_line(const LineId& id) {
  if (find(id) == nullptr) return;
  zmq_curve::hang_up(id.fd, [&] {
    monitor_.drain([this](const SocketEvent& event) { happened(event); });
    return find(id) != nullptr;
  });
}

void Hub::hang_up(const LineId& line) noexcept {
  fairlead::transport::detail::contain(host_, [&] { end_line(line); });
}

void Hub::expect_end(const LineId& line) noexcept {
  if (Line* const there = find(line)) there->deadline = host_.now_ns(host_.ctx) + kEndWithin;
}

Sent Hub::transmit(const std::string& id, zmq::message_t& packet) {
  const auto part = zmq_send(socket_.handle(), id.data(), id.size(), ZMQ_SNDMORE | ZMQ_DONTWAIT);
  const bool is_full = part < 0 && zmq_errno() == EAGAIN;
  const bool is_sent = part >= 0 && socket_.send(packet, zmq::send_flags::dontwait).has_value();
  if (pump_) pump_->look();
  if (is_sent) return Sent::kYes;
  return is_full ? Sent::kFull : Sent::kGone;
}

void Hub::forget(const std::string& id) noexcept { peers_.erase(id); }

/// A key that is not known any more carries no connection either.
void Hub::drop_unknown() {
  if (security_ != Security::kMtls) return;
  std::vector<Peer*> unknown;
  for (const auto& [id, peer] : peers_)
    if (peer->key() != nullptr && !keys_.knows(*peer->key())) unknown.push_back(peer);
  for (Peer* peer : unknown)
    peer->lost(FAIRLEAD_E_PEER_AUTH, "the CURVE key of the peer is not known any more");
}

}  // namespace zmq_curve

#include "zap.hpp"

namespace zmq_curve {
namespace {

using fairlead::transport::Error;

constexpr uint64_t kAskEvery = 200'000'000;
/// One missed answer may be a loop that was kept busy: its timers and descriptors come due together then.
constexpr int kMostMissed = 2;

void send_frames(zmq::socket_ref socket, const std::vector<std::string>& frames) {
  for (size_t i = 0; i < frames.size(); ++i) {
    const auto more = i + 1 < frames.size() ? zmq::send_flags::sndmore : zmq::send_flags::none;
    if (!socket.send(zmq::buffer(frames[i]), more | zmq::send_flags::dontwait))
      throw failure("cannot speak ZAP");
  }
}

zmq::socket_t bound(zmq::context_t& context) {
  zmq::socket_t socket(context, zmq::socket_type::rep);
  socket.set(zmq::sockopt::linger, 0);
  socket.bind(kZapEndpoint);
  return socket;
}

zmq::socket_t connected(zmq::context_t& context) {
  zmq::socket_t socket(context, zmq::socket_type::req);
  socket.set(zmq::sockopt::linger, 0);
  socket.connect(kZapEndpoint);
  return socket;
}

}  // namespace

ZapHandler::ZapHandler(zmq::context_t& context, const fairlead_host& host, fairlead_loop* loop, Judge judge)
    : socket_(bound(context)),
      judge_(std::move(judge)),
      pump_(host, loop, socket_, [this] { return serve_some(); }) {}

void ZapHandler::serve() {
  while (serve_some()) {
  }
}

bool ZapHandler::serve_some() {
  std::vector<std::string> frames;
  zmq::message_t part;
  if (!receive(socket_, part)) return false;
  while (true) {
    if (frames.size() < kMostZapFrames) frames.push_back(part.to_string());
    if (!part.more() || !receive(socket_, part)) break;
  }
  answer(frames);
  return true;
}

void ZapHandler::answer(std::span<const std::string> request) {
  const auto asked = read_zap_request(request);
  const bool yes = asked && judge_(asked->key);
  send_frames(socket_, zap_answer(zap_request_id(request), yes ? hex(asked->key) : std::string()));
}

ZapGuard::ZapGuard(zmq::context_t& context, const fairlead_host& host, fairlead_loop* loop,
                   std::function<void()> dead)
    : socket_(connected(context)), timer_(host, loop), dead_(std::move(dead)) {
  ask();
  tick();
}

void ZapGuard::ask() { send_frames(socket_, zap_request("guard", PublicKey{})); }

void ZapGuard::tick() {
  zmq::message_t part;
  if (receive(socket_, part)) {
    drop_rest(socket_, part);
    missed_ = 0;
    ask();
  } else if (missed_++ == kMostMissed) {
    return dead_();
  }
  if (!timer_.start(kAskEvery, [this] { tick(); })) dead_();
}

}  // namespace zmq_curve

#include "link.hpp"

#include <memory>

namespace zmq_curve {
namespace {

using fairlead::transport::Error;
using fairlead::transport::text;

constexpr uint64_t kRetry = 5'000'000;  // until a full queue of libzmq is tried again
constexpr size_t kMostUnsent = 8;
constexpr std::string_view kProtocol = "CURVE", kCipher = "XSalsa20-Poly1305";

void release_message(void* lent) {
  const std::unique_ptr<zmq::message_t> last(static_cast<zmq::message_t*>(lent));
}

}  // namespace

Link::Link(const fairlead_host& host, fairlead_loop* loop, const Settings& settings)
    : Connection(host),
      soon_(host, loop),
      largest_(static_cast<size_t>(settings.largest_message)),
      in_(full_window(settings.largest_message)) {}

void Link::open(Proof proof) {
  proof_ = std::move(proof);
  state_ = State::kOpen;
  host().opened(kernel());
}

fairlead_status Link::describe(fairlead_peer& out) const {
  if (state_ == State::kOpening || (has_ended() && proof_.remote.empty())) return FAIRLEAD_E_CLOSED;
  out.security = proof_.security;
  out.local_address = text(proof_.local);
  out.remote_address = text(proof_.remote);
  if (proof_.has_key) out.public_key = {proof_.peer_key.data(), proof_.peer_key.size()};
  if ((proof_.security & FAIRLEAD_SEC_CONFIDENTIAL) == 0) return FAIRLEAD_OK;
  out.protocol = text(kProtocol);
  out.cipher = text(kCipher);
  return FAIRLEAD_OK;
}

fairlead_status Link::send(std::span<const fairlead_bytes> slices, uint64_t cookie) {
  if (state_ == State::kLeaving || has_ended()) return FAIRLEAD_E_CLOSED;
  size_t size = 0;
  for (const fairlead_bytes& slice : slices) size += slice.size;
  if (size > largest_) return FAIRLEAD_E_TOO_LARGE;
  if (size != 0 && !hand_over(slices, size)) {
    blocked_ = true;
    return FAIRLEAD_AGAIN;
  }
  host().tx_done(kernel(), cookie, FAIRLEAD_OK);
  return FAIRLEAD_OK;
}

/// Small frames wait for the end of the turn, to leave in one packet with those that follow.
bool Link::hand_over(std::span<const fairlead_bytes> slices, size_t size) {
  if (state_ != State::kOpen || is_gone_ || !unsent_.empty()) return false;
  if (!batch_.has_room(size) && !send_batch()) return false;
  const bool is_small = batch_.has_room(size);
  const uint64_t cost =
      is_small ? cost_of(batch_.size_with(size), batch_.frames() + 1) : cost_of(kDataHeader + size);
  if (!out_.may_send(cost)) return false;
  if (!is_small) return send_data(data_packet(slices), 1);
  if (batch_.empty()) later();
  batch_.add(slices, size);
  return true;
}

bool Link::send_batch() {
  if (batch_.empty()) return true;
  const bool is_sent = send_data(batch_.packet(), batch_.frames());
  if (is_sent || is_gone_) batch_.clear();
  return is_sent;
}

bool Link::send_data(zmq::message_t packet, size_t frames) {
  const uint64_t cost = cost_of(packet.size(), frames);
  const Sent sent = transmit(packet);
  if (sent == Sent::kYes) out_.sent(cost);
  if (sent == Sent::kFull) look_again();
  if (sent == Sent::kGone) is_gone_ = true;
  return sent == Sent::kYes;
}

void Link::set_reading(bool on) {
  reading_ = on;
  if (on && !has_ended() && (!held_.empty() || peer_ended_)) later();
}

void Link::close(bool drain) {
  if (has_ended()) return;
  if (!drain || state_ == State::kOpening) return end(FAIRLEAD_E_CLOSED, "closed locally", Leave::kAtOnce);
  if (state_ == State::kLeaving) return;
  state_ = State::kLeaving;
  held_.clear();
  control(end_packet());
  if (peer_ended_) later();
}

void Link::arrived(zmq::message_t packet) {
  if (has_ended()) return;
  const auto kind = kind_of(bytes_of(packet));
  if (!kind) return end(FAIRLEAD_E_PROTOCOL, "a message that is no packet of this transport", Leave::kAtOnce);
  const bool is_greeting = *kind == Kind::kHello || *kind == Kind::kWelcome;
  if (is_greeting ? !greeted(*kind) : state_ == State::kOpening)
    return end(FAIRLEAD_E_PROTOCOL, "a packet out of turn", Leave::kAtOnce);
  if (is_greeting) return;
  if (*kind == Kind::kCredit) return take_credit(packet);
  if (*kind == Kind::kEnd) return take_end();
  const uint64_t cost = cost_of(packet.size(), *kind == Kind::kBatch ? frames_in(bytes_of(packet)) : 1);
  take_data({*kind, std::move(packet), cost});
}

void Link::take_data(Parcel parcel) {
  if (peer_ended_) return end(FAIRLEAD_E_PROTOCOL, "data after the peer's end", Leave::kAtOnce);
  if (!in_.arrived(parcel.cost))
    return end(FAIRLEAD_E_PROTOCOL, "the peer sends more than it was given room for", Leave::kAtOnce);
  if (state_ == State::kLeaving) return note_taken(parcel.cost);
  if (!reading_ || !held_.empty())
    held_.push_back(std::move(parcel));
  else
    deliver(std::move(parcel));
}

void Link::deliver(Parcel parcel) {
  if (parcel.kind == Kind::kBatch) return deliver_frames(std::move(parcel));
  if (lend(std::move(parcel.packet), kDataHeader)) note_taken(parcel.cost);
}

/// Copies: one frame that the kernel keeps for long shall not keep all the others.
void Link::deliver_frames(Parcel parcel) {
  while (reading_ && parcel.at < parcel.packet.size()) {
    const auto frame = frame_at(bytes_of(parcel.packet), parcel.at);
    parcel.at += kFrameHeader + frame.size();
    if (!lend(zmq::message_t(frame.data(), frame.size()), 0)) return;
  }
  if (parcel.at < parcel.packet.size()) return held_.push_front(std::move(parcel));
  note_taken(parcel.cost);
}

/// False: the kernel does not take it, and closes.
bool Link::lend(zmq::message_t message, size_t header) {
  auto lent = std::make_unique<zmq::message_t>(std::move(message));
  const auto bytes = bytes_of(*lent).subspan(header);
  const fairlead_status taken =
      host().rx_message(kernel(), {bytes.data(), bytes.size()}, &release_message, lent.get());
  if (taken != FAIRLEAD_OK) reading_ = false;
  if (taken < 0) return false;
  static_cast<void>(lent.release());  // the kernel's until release_message()
  return true;
}

void Link::note_taken(uint64_t cost) {
  if (const auto credit = in_.taken(cost)) control(credit_packet(*credit));
}

void Link::take_credit(const zmq::message_t& packet) {
  if (!out_.grant(read_credit(bytes_of(packet))))
    return end(FAIRLEAD_E_PROTOCOL, "a credit that cannot be", Leave::kAtOnce);
  if (std::exchange(blocked_, false)) host().tx_ready(kernel());
}

void Link::take_end() {
  peer_ended_ = true;
  if (state_ == State::kLeaving) return end(FAIRLEAD_E_CLOSED, "closed", Leave::kFlushed);
  if (held_.empty()) {
    control(end_packet());
    end(FAIRLEAD_E_CLOSED, "closed by the peer", Leave::kFlushed);
  }
}

void Link::lost(fairlead_status why, std::string_view detail) {
  if (has_ended() || (peer_ended_ && state_ == State::kOpen)) return;
  if (state_ == State::kLeaving) return end(FAIRLEAD_E_CLOSED, "closed", Leave::kAtOnce);
  end(why, detail, Leave::kAtOnce);
}

void Link::control(zmq::message_t packet) {
  if (unsent_.size() >= kMostUnsent) return end(FAIRLEAD_E_RESET, "the peer takes nothing", Leave::kAtOnce);
  unsent_.push_back(std::move(packet));
  flush();
}

void Link::flush() {
  if (!send_batch() && !is_gone_) return;
  while (!unsent_.empty()) {
    const Sent sent = transmit(unsent_.front());
    if (sent == Sent::kFull) return look_again();
    if (sent == Sent::kGone) {
      is_gone_ = true;
      return unsent_.clear();  // nobody is there to hear it
    }
    unsent_.pop_front();
  }
}

/// What may not happen inside a slot: payload, and an end that the kernel did not ask for.
void Link::later() {
  if (!soon_.start(0, [this] { deliver_held(); }))
    throw Error(FAIRLEAD_E_NO_RESOURCE, "the kernel has no timer to give");
}

void Link::look_again() {
  if (soon_.armed()) return;
  if (!soon_.start(kRetry, [this] { deliver_held(); }))
    throw Error(FAIRLEAD_E_NO_RESOURCE, "the kernel has no timer to give");
}

void Link::deliver_held() {
  if (has_ended()) return;
  flush();
  if (!unsent_.empty()) return;
  if (state_ == State::kOpen && !is_gone_ && std::exchange(blocked_, false)) host().tx_ready(kernel());
  while (reading_ && !held_.empty() && !has_ended()) {
    Parcel parcel = std::move(held_.front());
    held_.pop_front();
    deliver(std::move(parcel));
  }
  if (has_ended() || !peer_ended_ || !held_.empty()) return;
  if (state_ == State::kOpen) control(end_packet());
  end(FAIRLEAD_E_CLOSED, "closed by the peer", Leave::kFlushed);
}

void Link::end(fairlead_status why, std::string_view detail, Leave how) noexcept {
  if (std::exchange(state_, State::kEnded) == State::kEnded) return;
  soon_.cancel();
  batch_.clear();
  held_.clear();
  unsent_.clear();
  leave(how);
  finish(why, detail);
}

}  // namespace zmq_curve

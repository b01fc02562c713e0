#include "conn.hpp"

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

#include "world.hpp"

namespace fairlead::check {
namespace {

constexpr size_t kCanary = 16;
constexpr uint8_t kCanaryByte = 0xC5;

size_t fingerprint(fairlead_bytes bytes) {
  const void* data = bytes.data;
  return std::hash<std::string_view>()({static_cast<const char*>(data), bytes.size});
}

}  // namespace

Conn::Conn(World& world, const fairlead_transport& table, Side side)
    : world_(world), table_(table), side_(side) {}

fairlead_status Conn::send(std::span<const fairlead_bytes> slices, uint64_t cookie) {
  if (closed_ > 0 || object == nullptr) return FAIRLEAD_E_CLOSED;
  const bool had = in_flight_;
  const uint64_t former = cookie_;
  fairlead_status status = FAIRLEAD_E_INTERNAL;
  if (!had) {
    in_flight_ = true;
    cookie_ = cookie;
  }
  world_.slot([&] {
    status = table_.send(object, slices.data(), static_cast<uint32_t>(slices.size()), cookie);
    if (status == FAIRLEAD_AGAIN) owes_ready_ = true;
    if (status != FAIRLEAD_OK && !had) in_flight_ = false;
  });
  if (had && status == FAIRLEAD_OK) {
    world_.breaches().note(kGivenBack, "send() took a second send while one was in flight");
    cookie_ = former;
  }
  return status;
}

void Conn::set_reading(bool on) {
  if (closed_ > 0 || object == nullptr) return;
  reading_ = on;
  if (on) stopped_ = false;
  world_.slot([&] { table_.set_reading(object, on ? 1 : 0); });
}

void Conn::close(int32_t mode) {
  if (closed_ > 0 || object == nullptr) return;
  world_.slot([&] { table_.close(object, mode); });
}

fairlead_status Conn::peer(fairlead_peer& out) {
  fairlead_status status = FAIRLEAD_E_CLOSED;
  if (object != nullptr && !released_) world_.slot([&] { status = table_.peer(object, &out); });
  return status;
}

void Conn::settle() {
  has_room_ = false;
  if (!keeps_lent) give_back();
  if (closed_ > 0) {
    if (!released_ && !holds_release) call_release();
  } else if (std::exchange(doomed_, false)) {
    close(FAIRLEAD_CLOSE_ABORT);
  }
}

void Conn::call_release() {
  if (object == nullptr) return;
  released_ = true;
  world_.slot([&] { table_.release(object); });
}

void Conn::opened() {
  if (!world_.at_home("opened")) return;
  if (closed_ > 0) world_.breaches().note(kOrder, "opened() after closed()");
  if (opened_ > 0) world_.breaches().note(kOrder, "opened() came twice");
  if (world_.inside() == Inside::slot)
    world_.breaches().note(kOrder, "opened() was called inside a slot, not from a callback");
  ++opened_;
}

bool Conn::may_receive(const char* call) {
  Breaches& breaches = world_.breaches();
  const std::string name(call);
  if (!world_.at_home(call)) return false;
  if (closed_ > 0) breaches.note(kOrder, name + "() after closed()");
  if (opened_ == 0) breaches.note(kOrder, name + "() before opened()");
  if (world_.inside() == Inside::slot)
    breaches.note(kOrder, name + "() was called inside a slot, not from a callback");
  if (!reading_) breaches.note(kReading, name + "() while reading is switched off");
  if (stopped_) breaches.note(kReading, name + "() after AGAIN or a refusal, before set_reading(1)");
  return closed_ == 0;
}

fairlead_status Conn::rx_reserve(size_t want, uint8_t** space, size_t* size) {
  constexpr size_t kMost = size_t{1} << 20;
  *space = nullptr;
  *size = 0;
  if (!may_receive("rx_reserve")) return FAIRLEAD_E_CLOSED;
  if (world_.faults().strike("rx_reserve")) {
    stopped_ = doomed_ = true;
    return FAIRLEAD_E_NO_RESOURCE;
  }
  room_size_ = std::max<size_t>(1, std::min({want, room_most, kMost}));
  if (room_.size() < room_size_ + kCanary) room_.resize(room_size_ + kCanary);
  std::fill_n(room_.begin() + static_cast<ptrdiff_t>(room_size_), kCanary, kCanaryByte);
  has_room_ = true;
  *space = room_.data();
  *size = room_size_;
  return FAIRLEAD_OK;
}

fairlead_status Conn::rx_commit(size_t size) {
  if (!world_.at_home("rx_commit")) return FAIRLEAD_E_CLOSED;
  if (closed_ > 0 || !std::exchange(has_room_, false) || size > room_size_) {
    world_.breaches().note(
        kOrder, closed_ > 0 ? "rx_commit() after closed()" : "rx_commit() of room that is not lent");
    return FAIRLEAD_E_CLOSED;
  }
  const auto canary = room_.begin() + static_cast<ptrdiff_t>(room_size_);
  if (!std::all_of(canary, canary + kCanary, [](uint8_t byte) { return byte == kCanaryByte; }))
    world_.breaches().note(kMessage, "bytes were written beyond the room that rx_reserve() lent");
  return take(View(room_).first(size));
}

fairlead_status Conn::take(View bytes) {
  received_size_ += bytes.size();
  if (keeps) received.insert(received.end(), bytes.begin(), bytes.end());
  if (received_size_ < again_at) return FAIRLEAD_OK;
  stopped_ = true;
  return FAIRLEAD_AGAIN;
}

fairlead_status Conn::rx_message(fairlead_bytes whole, void (*release)(void*), void* argument) {
  if (!may_receive("rx_message")) return FAIRLEAD_E_CLOSED;
  if (world_.faults().strike("rx_message")) {
    stopped_ = doomed_ = true;
    return FAIRLEAD_E_NO_RESOURCE;
  }
  if (keeps) messages.emplace_back(view(whole).begin(), view(whole).end());
  const fairlead_status answer = take(view(whole));
  ++lent_;
  kept_.push_back({whole, release, argument, fingerprint(whole)});
  return answer;
}

void Conn::give_back() {
  for (const Lent& one : std::exchange(kept_, {})) {
    --lent_;
    if (fingerprint(one.bytes) != one.fingerprint)
      world_.breaches().note(kMessage, "a lent message was changed before it was given back");
    world_.slot([&] { one.release(one.argument); });
  }
}

void Conn::tx_done(uint64_t cookie, fairlead_status status) {
  if (!world_.at_home("tx_done")) return;
  if (closed_ > 0) world_.breaches().note(kOrder, "tx_done() after closed()");
  if (!in_flight_ || cookie != cookie_)
    return world_.breaches().note(kGivenBack, in_flight_ ? "tx_done() with a cookie that is not in flight"
                                                         : "tx_done() came twice, or without a send()");
  in_flight_ = false;
  sent_status_ = status;
  if (on_tx_done) on_tx_done();
}

void Conn::tx_ready() {
  if (!world_.at_home("tx_ready")) return;
  if (closed_ > 0) world_.breaches().note(kOrder, "tx_ready() after closed()");
  // Inside send() itself the answer AGAIN is not known yet.
  if (!std::exchange(owes_ready_, false) && world_.inside() != Inside::slot)
    world_.breaches().note(kReady, "tx_ready() came without an AGAIN before it");
  ++readies_;
}

void Conn::closed(fairlead_status why, std::string_view detail) {
  if (!world_.at_home("closed")) return;
  if (closed_ > 0) world_.breaches().note(kEnd, "closed() came twice");
  if (in_flight_) world_.breaches().note(kGivenBack, "closed() came before the tx_done() of a taken send()");
  if (++closed_ > 1) return;
  why_ = why;
  detail_ = detail;
}

}  // namespace fairlead::check

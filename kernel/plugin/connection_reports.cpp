// What a plugin reports about a connection: checked here, told to the kernel when the plugin has returned.
#include "plugin/connection_core.hpp"
#include "plugin/status.hpp"

namespace fairlead::plugin {

void ConnectionCore::opened() {
  if (has_ended_) return host_.violated("opened() after closed()");
  if (was_opened_) return host_.violated("opened() twice");
  was_opened_ = tell_opened_ = true;
  host_.defer(*this);
}

/// May payload be handed over at all?
bool ConnectionCore::is_receiving(std::string_view call) noexcept {
  if (!has_ended_ && was_opened_) return true;
  host_.violated(std::string(call) + (has_ended_ ? " after closed()" : " before opened()"));
  return false;
}

fairlead_status ConnectionCore::rx_reserve(size_t want, base::MutableByteView& room) {
  room_ = 0;
  if (!is_receiving("rx_reserve()")) return FAIRLEAD_E_CLOSED;
  if (tell_opened_) return FAIRLEAD_AGAIN;  // reading goes on once the kernel knows that it is open
  if (events_ == nullptr) return FAIRLEAD_E_CLOSED;
  room = events_->rx_reserve(want);
  room_ = room.size();
  return room.empty() ? FAIRLEAD_AGAIN : FAIRLEAD_OK;
}

fairlead_status ConnectionCore::rx_commit(size_t size) {
  if (!is_receiving("rx_commit()")) return FAIRLEAD_E_CLOSED;
  if (events_ == nullptr) return FAIRLEAD_E_CLOSED;
  if (size > std::exchange(room_, 0)) {
    host_.violated("rx_commit() of more than rx_reserve() lent");
    close(CloseMode::abort);
    return FAIRLEAD_E_INTERNAL;
  }
  return answer(host_.inside_kernel([&] { return events_->rx_commit(size); }));
}

fairlead_status ConnectionCore::rx_message(base::MutableByteView whole, void (*release)(void*),
                                           void* argument) {
  if (!is_receiving("rx_message()") || events_ == nullptr || early_) return FAIRLEAD_E_CLOSED;
  base::Slice message = host_.lend(whole, release, argument);
  // What was lent goes back through release(), so it counts as taken, also where a close follows.
  if (!tell_opened_) {
    const RxAnswer given = host_.inside_kernel([&] { return events_->rx_message(std::move(message)); });
    return given == RxAnswer::go_on ? FAIRLEAD_OK : FAIRLEAD_AGAIN;
  }
  early_ = std::move(message);
  return FAIRLEAD_AGAIN;
}

fairlead_status ConnectionCore::answer(RxAnswer answer) noexcept {
  switch (answer) {
    case RxAnswer::go_on:
      return FAIRLEAD_OK;
    case RxAnswer::pause:
      return FAIRLEAD_AGAIN;
    case RxAnswer::stop:
      return FAIRLEAD_E_CLOSED;
  }
  return FAIRLEAD_E_CLOSED;
}

void ConnectionCore::tx_done(uint64_t cookie, fairlead_status status) {
  if (has_ended_) return host_.violated("tx_done() after closed()");
  if (!is_in_flight_ || cookie != cookie_) return host_.violated("tx_done() without a send in flight");
  is_in_flight_ = false;
  tell_done_ = true;
  is_done_ok_ = status == FAIRLEAD_OK;
  host_.defer(*this);
}

void ConnectionCore::tx_ready() {
  if (has_ended_) return host_.violated("tx_ready() after closed()");
  if (!std::exchange(owes_ready_, false)) return;  // harmless: nobody waits
  tell_ready_ = true;
  host_.defer(*this);
}

void ConnectionCore::closed(fairlead_status why, std::string_view detail) {
  if (has_ended_) return host_.violated("closed() twice");
  if (is_in_flight_ && !is_sending_) host_.violated("closed() before tx_done()");
  end(why, detail);
}

void ConnectionCore::end(fairlead_status why, std::string_view detail) {
  if (std::exchange(is_in_flight_, false)) {
    tell_done_ = true;
    is_done_ok_ = false;
  }
  has_ended_ = tell_end_ = true;
  why_ = why;
  if (!was_opened_) proxy_error_ = host_.proxy_error(detail);
  detail_ = printable(detail);
  host_.defer(*this);
}

}  // namespace fairlead::plugin

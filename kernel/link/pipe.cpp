#include "link/pipe.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace fairlead::link {
namespace {

constexpr size_t kMaxSlices = 1024;       // of one send; the transport packs them into records
constexpr size_t kBigRoom = 256u << 10;   // a block that several frames share
constexpr size_t kLeastRoom = 16u << 10;  // one TLS record; less is not worth a read once logged in

}  // namespace

Pipe::~Pipe() { flusher_.remove(*this); }

void Pipe::make_room(size_t needed) {
  const size_t have = end_ - begin_;
  base::BlockRef larger = memory_.take(std::max(needed, room_));
  if (have != 0) base::copy(block_.get()->bytes.subspan(begin_, have), larger.get()->bytes);
  block_ = std::move(larger);
  begin_ = 0;
  end_ = have;
}

base::MutableByteView Pipe::rx_reserve(size_t) {
  if (stopped_ || pauses_ > 0) return {};
  const bool is_big = room_ >= kBigRoom;
  const size_t have = end_ - begin_;
  size_t whole = std::max(needed_, have + (is_big ? kLeastRoom : 1));  // bytes from begin_ that must fit
  if (!is_big) whole = std::min(whole, std::max(room_, 2 * have));
  if (!block_ || block_.get()->bytes.size() - begin_ < whole) make_room(whole);
  return block_.get()->bytes.subspan(end_);
}

plugin::RxAnswer Pipe::rx_commit(size_t size) {
  end_ += size;
  received_bytes_ += size;
  if (!parse()) return plugin::RxAnswer::stop;
  return pauses_ > 0 ? plugin::RxAnswer::pause : plugin::RxAnswer::go_on;
}

plugin::RxAnswer Pipe::rx_message(base::Slice whole) {
  // Lent bytes are never written to, and a sealed frame is opened in place: so it is copied once here.
  const size_t size = whole.bytes.size();
  received_bytes_ += size;
  if (!block_ || block_.get()->bytes.size() - end_ < size) make_room(end_ - begin_ + size);
  base::copy(whole.bytes, block_.get()->bytes.subspan(end_));
  end_ += size;
  if (!parse()) return plugin::RxAnswer::stop;
  return pauses_ > 0 ? plugin::RxAnswer::pause : plugin::RxAnswer::go_on;
}

bool Pipe::parse() {
  parsing_ = true;
  while (!stopped_ && pauses_ == 0 && end_ > begin_) {
    const auto decoded = frame::decode(block_.get()->bytes.subspan(begin_, end_ - begin_), limits_);
    if (!decoded) {
      stopped_ = true;
      events_.pipe_broken(decoded.error());
      break;
    }
    needed_ = decoded->complete ? 0 : decoded->needed;
    if (!decoded->complete) break;
    const base::BlockRef owner = block_;
    begin_ += decoded->frame.header.frame_size();
    ++received_frames_;
    if (!events_.pipe_frame(decoded->frame, owner)) stopped_ = true;
  }
  parsing_ = false;
  drop_if_empty();
  return !stopped_;
}

void Pipe::drop_if_empty() {
  if (begin_ != end_) return;
  needed_ = 0;
  if (block_.is_only())
    begin_ = end_ = 0;
  else if (!block_ || block_.get()->bytes.size() - end_ < kLeastRoom)
    block_ = {}, begin_ = end_ = 0;
}

void Pipe::trim() noexcept {
  if (begin_ == end_ && block_.is_only()) block_ = {}, begin_ = end_ = 0;
}

void Pipe::pause() {
  if (pauses_++ == 0 && connection_ && !closing_) connection_->set_reading(plugin::Reading::off);
}

void Pipe::resume() {
  FAIRLEAD_ASSERT(pauses_ > 0);
  if (--pauses_ > 0 || stopped_) return;
  if (!parsing_ && (!parse() || pauses_ > 0)) return;
  if (connection_ && !closing_) connection_->set_reading(plugin::Reading::on);
}

void Pipe::note_water() {
  if (outbox_.bytes() > kHighWater) {
    over_high_water_ = true;
  } else if (over_high_water_ && outbox_.bytes() < kLowWater) {
    over_high_water_ = false;
    events_.pipe_drained();
  }
}

void Pipe::flush() {
  flush_pending_ = false;
  if (!connection_) return;
  note_water();
  if (outbox_.in_flight() || outbox_.empty()) return finish_close();
  const auto slices = connection_->is_stream() ? outbox_.begin_send(kMaxSlices) : outbox_.begin_frame();
  switch (connection_->send(slices, ++cookie_)) {
    case plugin::SendAnswer::taken:
      return;
    case plugin::SendAnswer::again:
      return outbox_.undo_send();
    case plugin::SendAnswer::failed:
      outbox_.clear();
      return abort();
  }
}

void Pipe::tx_done(uint64_t, bool ok) {
  sent_bytes_ += outbox_.bytes() - outbox_.waiting_bytes();
  outbox_.end_send();
  if (!ok) outbox_.clear();
  note_water();
  if (closing_ || !outbox_.empty()) flush_soon();
}

void Pipe::close_after_flush() {
  if (closing_) return;
  closing_ = stopped_ = true;
  flush_soon();
}

void Pipe::finish_close() {
  if (closing_ && !outbox_.in_flight() && outbox_.empty()) connection_->close(plugin::CloseMode::drain);
}

void Pipe::abort() {
  closing_ = stopped_ = true;
  if (connection_) connection_->close(plugin::CloseMode::abort);
}

void Pipe::closed(plugin::CloseReason why, std::string detail) {
  closing_ = stopped_ = true;
  outbox_.clear();
  over_high_water_ = false;
  flusher_.remove(*this);
  events_.pipe_closed(why, detail);
}

}  // namespace fairlead::link

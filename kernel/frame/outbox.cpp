#include "frame/outbox.hpp"

#include <algorithm>
#include <iterator>

#include "base/assert.hpp"
#include "frame/header.hpp"

namespace fairlead::frame {
namespace {

constexpr size_t kArenaSize = 64u << 10;

bool follows(const base::Slice& last, base::ByteView next, const base::BlockRef& owner) noexcept {
  return last.owner.get() == owner.get() && last.bytes.data() + last.bytes.size() == next.data();
}

}  // namespace

base::MutableByteView Outbox::room(size_t size) {
  if (arena_.is_only()) arena_used_ = 0;
  if (!arena_ || arena_.get()->bytes.size() - arena_used_ < size) {
    arena_ = memory_.take(std::max(size, kArenaSize));
    arena_used_ = 0;
  }
  return arena_.get()->bytes.subspan(arena_used_, size);
}

void Outbox::commit(size_t size) {
  if (size == 0) return;
  FAIRLEAD_ASSERT(arena_ && arena_.get()->bytes.size() - arena_used_ >= size);
  const base::ByteView written = arena_.get()->bytes.subspan(arena_used_, size);
  arena_used_ += size;
  waiting_bytes_ += size;
  if (!waiting_.empty() && follows(waiting_.back(), written, arena_))
    waiting_.back().bytes = {waiting_.back().bytes.data(), waiting_.back().bytes.size() + size};
  else
    waiting_.push_back({written, arena_});
}

void Outbox::append(base::ByteView bytes) {
  base::copy(bytes, room(bytes.size()));
  commit(bytes.size());
}

void Outbox::add(const base::Slice& slice) {
  if (slice.bytes.empty()) return;
  waiting_.push_back(slice);
  waiting_bytes_ += slice.bytes.size();
}

void Outbox::take_into_flight(size_t count) {
  const auto from = std::next(waiting_.begin(), static_cast<std::ptrdiff_t>(taken_));
  const auto to = std::next(from, static_cast<std::ptrdiff_t>(count));
  flight_.assign(std::make_move_iterator(from), std::make_move_iterator(to));
  taken_ += count;
  // A backlog that never empties must not keep the places of everything that has left.
  if (taken_ * 2 < waiting_.size()) return;
  waiting_.erase(waiting_.begin(), std::next(waiting_.begin(), static_cast<std::ptrdiff_t>(taken_)));
  taken_ = 0;
}

std::span<const base::ByteView> Outbox::begin_send(size_t max_slices) {
  FAIRLEAD_ASSERT(!in_flight() && max_slices > 0);
  take_into_flight(std::min(max_slices, waiting_.size() - taken_));
  return show_flight();
}

std::span<const base::ByteView> Outbox::begin_frame() {
  FAIRLEAD_ASSERT(!in_flight() && !empty());
  const auto header = decode_header(waiting_[taken_].bytes, {.max_block = kMaxBlock, .max_body = kMaxBody});
  size_t left = header ? header->frame_size() : SIZE_MAX, whole = 0;
  for (; taken_ + whole < waiting_.size() && waiting_[taken_ + whole].bytes.size() <= left; ++whole)
    left -= waiting_[taken_ + whole].bytes.size();
  take_into_flight(whole);
  if (left > 0 && taken_ < waiting_.size()) {
    // Small frames lie in one slice, one behind the other.
    base::Slice& shared = waiting_[taken_];
    flight_.push_back({{shared.bytes.data(), left}, shared.owner});
    shared.bytes = {shared.bytes.data() + left, shared.bytes.size() - left};
  }
  return show_flight();
}

std::span<const base::ByteView> Outbox::show_flight() {
  views_.clear();
  for (const base::Slice& slice : flight_) {
    views_.push_back(slice.bytes);
    flight_bytes_ += slice.bytes.size();
  }
  waiting_bytes_ -= flight_bytes_;
  return views_;
}

void Outbox::end_send() {
  flight_.clear();
  views_.clear();
  flight_bytes_ = 0;
  // Thousands of quiet connections must not hold a block each.
  if (empty()) arena_ = {};
}

void Outbox::undo_send() {
  const size_t back = std::min(taken_, flight_.size());  // places in front that are still there
  const auto split = std::prev(flight_.end(), static_cast<std::ptrdiff_t>(back));
  std::move(split, flight_.end(), std::next(waiting_.begin(), static_cast<std::ptrdiff_t>(taken_ - back)));
  taken_ -= back;
  waiting_.insert(waiting_.begin(), std::make_move_iterator(flight_.begin()), std::make_move_iterator(split));
  waiting_bytes_ += flight_bytes_;
  flight_.clear();
  views_.clear();
  flight_bytes_ = 0;
}

void Outbox::clear() {
  waiting_.clear();
  taken_ = waiting_bytes_ = 0;
  end_send();
}

}  // namespace fairlead::frame

/// Outbox: frames waiting for one connection, gathered into few sends. Payload slices are held, not copied.
#pragma once
#include <span>
#include <vector>

#include "base/slice.hpp"

namespace fairlead::frame {

/// Order of bytes is order of calls. Thread rule: one thread at a time.
class Outbox {
 public:
  explicit Outbox(base::BlockSource& memory) noexcept : memory_(memory) {}

  /// Contiguous room for `size` bytes; commit what was written before the next call of anything.
  base::MutableByteView room(size_t size);
  void commit(size_t size);
  /// Appends a copy; for small things.
  void append(base::ByteView bytes);
  /// Appends without copying; the slice's owner is held until it has been sent.
  void add(const base::Slice& slice);

  size_t waiting_bytes() const noexcept { return waiting_bytes_; }  ///< not yet in flight
  size_t bytes() const noexcept { return waiting_bytes_ + flight_bytes_; }
  bool empty() const noexcept { return waiting_.empty(); }
  bool in_flight() const noexcept { return !flight_.empty(); }

  /// Moves up to `max_slices` waiting slices into flight and shows them; they stay valid until end_send().
  std::span<const base::ByteView> begin_send(size_t max_slices);
  /// The same for exactly the first frame that waits, for transports of whole messages; something must wait.
  /// Bytes that begin like no frame, or end before theirs does, go as one message with all that waits.
  std::span<const base::ByteView> begin_frame();
  /// The flight is over: drops its memory.
  void end_send();
  /// The flight was not taken: its slices wait again, in front.
  void undo_send();
  /// Drops everything.
  void clear();

 private:
  void take_into_flight(size_t count);
  std::span<const base::ByteView> show_flight();

  base::BlockSource& memory_;
  base::BlockRef arena_;
  size_t arena_used_ = 0;
  std::vector<base::Slice> waiting_;
  std::vector<base::Slice> flight_;
  std::vector<base::ByteView> views_;
  size_t taken_ = 0;  // slices at the front of waiting_ that a flight took; less than waiting_.size()
  size_t waiting_bytes_ = 0, flight_bytes_ = 0;
};

}  // namespace fairlead::frame

/// Pipe: one connection's bytes. Received bytes become frames, frames to send are gathered into few sends.
/// Knows nothing of login or messages; ServerLink and ClientLink stand on it.
#pragma once
#include <memory>
#include <string>
#include <utility>

#include "base/slice.hpp"
#include "frame/header.hpp"
#include "frame/outbox.hpp"
#include "link/flusher.hpp"
#include "plugin/transport.hpp"

namespace fairlead::link {

/// What a pipe tells its owner. An owner may destroy the pipe only in pipe_closed() or from a fresh turn of
/// the loop.
class PipeEvents {
 public:
  virtual ~PipeEvents() = default;
  virtual void pipe_opened() = 0;
  /// One whole frame; `owner` keeps its memory. Answer false to have nothing further of this connection.
  virtual bool pipe_frame(const frame::FrameView& frame, const base::BlockRef& owner) = 0;
  /// Bytes that are no frame (malformed, too_large). The pipe reads nothing further.
  virtual void pipe_broken(base::Refusal why) = 0;
  /// The outbox became short again (below the low-water mark) after pipe was over the high-water mark.
  virtual void pipe_drained() = 0;
  /// Exactly once, last.
  virtual void pipe_closed(plugin::CloseReason why, const std::string& detail) = 0;
};

/// Thread rule: [home].
class Pipe final : public plugin::ConnectionEvents {
 public:
  static constexpr size_t kHighWater = 4u << 20, kLowWater = 1u << 20;  ///< waiting bytes of one connection

  Pipe(PipeEvents& events, Flusher& flusher, base::BlockSource& memory)
      : events_(events), flusher_(flusher), memory_(memory), outbox_(memory) {}
  ~Pipe() override;

  /// Gives the pipe its connection; call once, before any event.
  void attach(std::unique_ptr<plugin::Connection> connection) noexcept {
    connection_ = std::move(connection);
  }

  /// Where frames are appended; call flush_soon() afterwards. Everything appended in a turn leaves in one
  /// send.
  frame::Outbox& outbox() noexcept { return outbox_; }
  const frame::Outbox& outbox() const noexcept { return outbox_; }
  void flush_soon() {
    if (!std::exchange(flush_pending_, true)) flusher_.add(*this);
  }
  void flush();

  /// Limits for frames from now on.
  void set_limits(const frame::Limits& limits) noexcept { limits_ = limits; }
  /// Room offered to the transport at a time, bytes: small before login. Small room at most doubles what has
  /// arrived: an announced length alone buys nothing.
  void set_room(size_t bytes) noexcept { room_ = bytes; }
  /// Stops and goes on with receiving. Pauses count: the pipe reads when every pause has been resumed.
  void pause();
  void resume();
  /// Gives an unused receive buffer back; for connections that are quiet.
  void trim() noexcept;
  bool is_paused() const noexcept { return pauses_ > 0; }
  bool is_over_high_water() const noexcept { return over_high_water_; }

  /// Sends what waits, then closes. pipe_closed() follows.
  void close_after_flush();
  /// Closes now. pipe_closed() follows.
  void abort();
  base::LinkFacts facts() const { return connection_->facts(); }
  /// Why the proxy in between made no connection, when that is what ended it; null else.
  const base::Error* proxy_error() const noexcept { return connection_->proxy_error(); }
  /// Bytes that arrived so far; what heartbeats and first-byte time-outs look at.
  uint64_t received_bytes() const noexcept { return received_bytes_; }
  uint64_t sent_bytes() const noexcept { return sent_bytes_; }
  uint64_t received_frames() const noexcept { return received_frames_; }
  /// A frame has begun to arrive and is not complete.
  bool is_within_frame() const noexcept { return begin_ != end_; }

  // plugin::ConnectionEvents
  void opened() override { events_.pipe_opened(); }
  base::MutableByteView rx_reserve(size_t want) override;
  plugin::RxAnswer rx_commit(size_t size) override;
  plugin::RxAnswer rx_message(base::Slice whole) override;
  void tx_done(uint64_t cookie, bool ok) override;
  void tx_ready() override { flush_soon(); }
  void closed(plugin::CloseReason why, std::string detail) override;

 private:
  /// Hands out every complete frame of the buffer; false when reading is over.
  bool parse();
  void make_room(size_t needed);
  void drop_if_empty();
  void note_water();
  void finish_close();

  PipeEvents& events_;
  Flusher& flusher_;
  base::BlockSource& memory_;
  frame::Outbox outbox_;
  std::unique_ptr<plugin::Connection> connection_;
  frame::Limits limits_;
  base::BlockRef block_;
  size_t begin_ = 0, end_ = 0;  ///< unparsed bytes of block_
  size_t needed_ = 0;           ///< size of the frame that begins at begin_, when known
  size_t room_ = 4096;
  uint64_t received_bytes_ = 0, sent_bytes_ = 0, received_frames_ = 0, cookie_ = 0;
  int pauses_ = 0;
  bool flush_pending_ = false, over_high_water_ = false, stopped_ = false, closing_ = false, parsing_ = false;
};

}  // namespace fairlead::link

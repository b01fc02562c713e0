#include <algorithm>

#include "auth/gate.hpp"
#include "base/assert.hpp"

namespace fairlead::auth {
namespace {

/// Walks the payload's slices and cuts it into bodies.
class PayloadCutter {
 public:
  explicit PayloadCutter(const Message& message) noexcept : message_(message) {}

  /// The next `size` bytes as slices; valid until the next call.
  std::span<const base::Slice> next(size_t size) {
    body_.clear();
    while (size > 0) {
      const base::Slice& slice = current();
      const size_t part = std::min(size, slice.bytes.size() - offset_);
      if (part > 0) body_.push_back({slice.bytes.subspan(offset_, part), slice.owner});
      size -= part;
      advance(part, slice.bytes.size());
    }
    return body_;
  }

 private:
  const base::Slice& current() const noexcept {
    return index_ == 0 ? message_.first : message_.rest[index_ - 1];
  }
  void advance(size_t part, size_t slice_size) noexcept {
    offset_ += part;
    if (offset_ < slice_size) return;
    offset_ = 0;
    ++index_;
  }

  const Message& message_;
  size_t index_ = 0, offset_ = 0;
  std::vector<base::Slice> body_;
};

/// Types 1 to 3 of the first frame, or the flag that stands for them.
struct FirstFields {
  uint8_t flag = 0;
  base::ByteView encoded;
  base::Bytes made;  // when the session has no encoded form
};

FirstFields first_fields(End end, const Session& session, Lane& lane) {
  if (end == End::server) return {};
  if (session.compact_headers && lane.has_carried_credentials()) return {frame::kCompact, {}, {}};
  lane.note_credentials_carried();
  const Credentials* credentials = session.of(lane.outgoing_epoch());
  FAIRLEAD_ASSERT(credentials != nullptr);
  if (!credentials->encoded.empty()) return {0, credentials->encoded, {}};
  FirstFields out;
  frame::append_credentials(out.made, session.participant(), credentials->token,
                            credentials->token_signature);
  out.encoded = out.made;
  return out;
}

}  // namespace

void protect_message(const Message& message, End end, const Session& session, Lane& lane,
                     base::StreamId stream, frame::Outbox& out) {
  const FirstFields fields = first_fields(end, session, lane);
  const size_t size = message.payload_size();
  const base::ByteView portable = message.headers.portable;
  const auto first = static_cast<uint8_t>(frame::kFirst | fields.flag);
  if (size <= frame::kMaxBody && message.rest.empty()) {
    const std::span<const base::Slice> body(&message.first, 1);
    lane.protect(frame::FrameType::data, first | frame::kLast, stream, fields.encoded, portable, body, out);
    return;
  }
  PayloadCutter cutter(message);
  for (size_t sent = 0; sent < size;) {
    const size_t part = std::min<size_t>(size - sent, frame::kMaxBody);
    const uint8_t last = sent + part == size ? frame::kLast : 0;
    if (sent == 0)
      lane.protect(frame::FrameType::data, first | last, stream, fields.encoded, portable, cutter.next(part),
                   out);
    else
      lane.protect(frame::FrameType::data, last, stream, {}, {}, cutter.next(part), out);
    sent += part;
  }
}

}  // namespace fairlead::auth

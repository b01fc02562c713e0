/// Message: headers and payload slices, on its way in or out. Nothing in it is believed before the gate.
#pragma once
#include <vector>

#include "base/slice.hpp"
#include "frame/message_headers.hpp"

namespace fairlead::auth {

/// `headers` are views into `block`; the payload is first followed by rest (rest stays empty, and nothing is
/// allocated, for a message of one frame). Copies share the memory.
struct Message {
  frame::MessageHeaders headers;
  base::Slice block;
  base::Slice first;
  std::vector<base::Slice> rest;

  size_t payload_size() const noexcept {
    size_t size = first.bytes.size();
    for (const base::Slice& slice : rest) size += slice.bytes.size();
    return size;
  }
  /// One copy of the whole payload.
  base::Bytes payload() const;
};

/// What a sender decides about a new message.
struct Draft {
  frame::MessageKind kind = frame::MessageKind::oneway;
  std::string from, to, topic;
  frame::MessageId id{};
  std::optional<frame::MessageId> correlation;
  std::optional<uint64_t> deadline_ms;
  std::optional<base::Digest> content_sha256;
  std::optional<uint64_t> lowest_unanswered;
  frame::UserHeaders user_headers;
  base::Slice payload;
};
/// Encodes the headers; the payload is taken over.
Message compose(Draft draft);

}  // namespace fairlead::auth

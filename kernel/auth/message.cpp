#include "auth/message.hpp"

namespace fairlead::auth {
namespace {

base::Bytes encode_headers(const Draft& draft) {
  const base::Bytes user_headers = frame::encode_user_headers(draft.user_headers);
  frame::MessageHeaders headers;
  headers.to = draft.to;
  headers.topic = draft.topic;
  headers.from = draft.from;
  headers.id = draft.id;
  headers.total_length = draft.payload.bytes.size();
  headers.kind = draft.kind;
  headers.correlation = draft.correlation;
  headers.deadline_ms = draft.deadline_ms;
  headers.content_sha256 = draft.content_sha256;
  headers.lowest_unanswered = draft.lowest_unanswered;
  headers.user_headers = user_headers;
  base::Bytes block;
  frame::append_portable(block, headers);
  return block;
}

}  // namespace

base::Bytes Message::payload() const {
  base::Bytes out;
  out.reserve(payload_size());
  base::append(out, first.bytes);
  for (const base::Slice& slice : rest) base::append(out, slice.bytes);
  return out;
}

Message compose(Draft draft) {
  Message message;
  message.block = base::move_to_slice(encode_headers(draft));
  message.first = std::move(draft.payload);
  // A draft that no receiver would take keeps only its encoded form; the gate of the other end says why.
  if (auto headers = frame::decode_message_headers(message.block.bytes)) message.headers = *headers;
  message.headers.portable = message.block.bytes;
  return message;
}

}  // namespace fairlead::auth

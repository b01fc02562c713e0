// F1: frames, fields, headers of messages, user headers. What is accepted says the same when it is written
// again.
#include "base/assert.hpp"
#include "frame/header.hpp"
#include "frame/message_headers.hpp"
#include "frame/tlv.hpp"
#include "fuzz/input.hpp"

namespace fairlead::fuzz {
namespace {

/// The same fields again; whatever a strict reader accepts has one form only.
void check_fields(base::ByteView block) {
  base::Bytes again;
  frame::TlvReader reader(block);
  for (;;) {
    const auto field = reader.next();
    if (!field) return;
    if (!*field) break;
    frame::append_tlv(again, (*field)->type, (*field)->value);
  }
  FAIRLEAD_ASSERT(base::equal(again, block));
}

void check_user_headers(base::ByteView encoded) {
  const auto headers = frame::decode_user_headers(encoded);
  FAIRLEAD_ASSERT(headers.has_value() == frame::check_user_headers(encoded).has_value());
  if (headers && encoded.size() <= frame::kMaxUserHeaders)
    FAIRLEAD_ASSERT(base::equal(frame::encode_user_headers(*headers), encoded));
}

void check_message(base::ByteView block) {
  const auto headers = frame::decode_message_headers(block);
  if (!headers) return;
  FAIRLEAD_ASSERT(headers->portable.size() <= block.size());
  const auto passed_on = frame::decode_message_headers(headers->portable);
  FAIRLEAD_ASSERT(passed_on && passed_on->client_name.empty() && passed_on->token.empty());
  base::Bytes again;
  frame::append_portable(again, *headers);
  const auto written = frame::decode_message_headers(again);
  FAIRLEAD_ASSERT(written && written->to == headers->to && written->from == headers->from &&
                  written->total_length == headers->total_length && written->id == headers->id);
  check_user_headers(headers->user_headers);
}

/// Frame after frame, as they come from a connection.
void check_frames(base::Bytes received, const frame::Limits& limits) {
  base::MutableByteView rest = received;
  while (!rest.empty()) {
    const auto decoded = frame::decode(rest, limits);
    if (!decoded || !decoded->complete) return;
    const frame::Header& header = decoded->frame.header;
    base::Bytes again(frame::kHeaderSize);
    frame::encode(header, again);
    FAIRLEAD_ASSERT(base::equal(again, decoded->frame.header_bytes));
    FAIRLEAD_ASSERT(decoded->frame.tag.size() == (header.is_tagged() ? frame::kTagSize : 0));
    check_message(decoded->frame.block);
    check_fields(decoded->frame.body);
    rest = rest.subspan(header.frame_size());
  }
}

}  // namespace
}  // namespace fairlead::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace fairlead;
  fuzz::Input input(data, size);
  switch (input.byte() % 4) {
    case 0:
      fuzz::check_frames(base::to_bytes(input.rest()), {});
      break;
    case 1:
      fuzz::check_frames(base::to_bytes(input.rest()), {frame::kMaxBlock, frame::kMaxBody});
      break;
    case 2: {
      const base::ByteView block = input.rest();
      fuzz::check_fields(block);
      fuzz::check_message(block);
      break;
    }
    default:
      fuzz::check_user_headers(input.rest());
  }
  return 0;
}

/// Frames and header blocks for the tests of this room, good ones to start from.
#pragma once
#include <gtest/gtest.h>

#include "base/slice.hpp"
#include "frame/header.hpp"
#include "frame/message_headers.hpp"

namespace fairlead::frame {

inline constexpr Limits kAfterLogin{kMaxBlock, kMaxBody};

inline Header data_header() {
  Header header;
  header.flags = kFirst | kLast;
  header.lane = base::LaneId(7);
  header.sequence = base::Sequence(0x0102030405060708);
  header.epoch = base::Epoch(3);
  header.stream = base::StreamId(9);
  header.session_prefix = 0xA1A2A3A4A5A6A7A8;
  return header;
}

inline Header hello_header() {
  Header header;
  header.type = FrameType::hello;
  return header;
}

inline base::Bytes encoded(const Header& header) {
  base::Bytes out(kHeaderSize);
  encode(header, out);
  return out;
}

/// The whole frame with zeros for content and tag.
inline base::Bytes whole(const Header& header) {
  base::Bytes out = encoded(header);
  out.resize(header.frame_size());
  return out;
}

inline MessageHeaders request_headers() {
  MessageHeaders headers;
  headers.to = "server/aggregator";
  headers.topic = "submit";
  headers.from = "site-1";
  headers.id = {1, 2, 3};
  headers.total_length = 5;
  headers.kind = MessageKind::request;
  return headers;
}

inline base::Bytes portable(const MessageHeaders& headers) {
  base::Bytes out;
  append_portable(out, headers);
  return out;
}

/// Memory for an outbox, one heap block each.
class HeapBlocks final : public base::BlockSource {
 public:
  base::BlockRef take(size_t at_least) override {
    ++taken;
    return base::move_to_slice(base::Bytes(at_least)).owner;
  }
  size_t taken = 0;
};

template <class T>
base::Refusal refusal_of(const base::Checked<T>& checked) {
  return checked ? base::Refusal{} : checked.error();
}

}  // namespace fairlead::frame

/// Header block of a DATA frame: who, to whom, about what. Pure, any thread.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/refusal.hpp"

namespace fairlead::frame {

enum class MessageKind : uint8_t { oneway = 1, request = 2, reply = 3 };
inline constexpr uint16_t kMaxToken = 1024, kMaxSignature = 512;  ///< bytes on the wire
inline constexpr size_t kMaxUserHeaders = 12288;  ///< encoded; leaves room for all other headers of a frame
using MessageId = base::ByteArray<16>;            ///< instance prefix 8 || counter 8

/// TLV types of a DATA header block.
enum : uint16_t {
  kClientName = 1,
  kToken = 2,
  kTokenSignature = 3,
  kTo = 4,
  kTopic = 5,
  kFrom = 6,
  kMessageId = 7,
  kTotalLength = 8,
  kKind = 9,
  kCorrelation = 10,
  kDeadlineMs = 11,
  kContentSha256 = 12,
  kLowestUnanswered = 13,
  kUserHeaders = 16
};

/// Views into a header block; valid as long as the block.
struct MessageHeaders {
  std::string_view client_name;  ///< types 1 to 3: empty server to client
  base::ByteView token, token_signature;
  std::string_view to, topic, from;
  MessageId id{};
  uint64_t total_length = 0;
  MessageKind kind = MessageKind::oneway;
  std::optional<MessageId> correlation;  ///< reply: id of the request
  std::optional<uint64_t> deadline_ms;   ///< request: time left, milliseconds
  std::optional<base::Digest> content_sha256;
  std::optional<uint64_t> lowest_unanswered;
  base::ByteView user_headers;  ///< encoded, see encode_user_headers()
  base::ByteView portable;      ///< the fields from `to` on, encoded: what is passed on to the receiver
};

/// bad_headers unless strict, complete (to, topic, from, id, total length, kind) and of the right sizes.
/// Names: to and from at most 320 bytes, topic 1 to 255 bytes of UTF-8 without control characters.
base::Checked<MessageHeaders> decode_message_headers(base::ByteView block);
/// bad_headers unless strictly ascending, named and complete. decode_message_headers calls it.
base::Checked<void> check_user_headers(base::ByteView encoded) noexcept;
/// Encodes the fields from `to` on.
void append_portable(base::Bytes& out, const MessageHeaders& headers);
/// Encodes types 1 to 3.
void append_credentials(base::Bytes& out, std::string_view client_name, base::ByteView token,
                        base::ByteView token_signature);

/// User headers: sorted {u16 length, name, u32 length, value}.
using UserHeaders = std::vector<std::pair<std::string, std::string>>;
base::Bytes encode_user_headers(
    UserHeaders headers);  ///< sorts by name; names unique, not empty, kMaxUserHeaders (asserted)
base::Checked<UserHeaders> decode_user_headers(base::ByteView encoded);

}  // namespace fairlead::frame

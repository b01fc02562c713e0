#include "frame/message_headers.hpp"

#include "base/result.hpp"
#include "frame/field_set.hpp"
#include "frame/header.hpp"
#include "frame/plain_text.hpp"

namespace fairlead::frame {
namespace {

using base::Checked;
using base::Refusal;

constexpr FieldRule kRules[] = {
    {kClientName, 1, 255, Presence::optional},
    {kToken, 1, kMaxToken, Presence::optional},
    {kTokenSignature, 1, kMaxSignature, Presence::optional},
    {kTo, 1, 320},
    {kTopic, 1, 255},
    {kFrom, 1, 320},
    {kMessageId, 16, 16},
    {kTotalLength, 8, 8},
    {kKind, 1, 1},
    {kCorrelation, 16, 16, Presence::optional},
    {kDeadlineMs, 8, 8, Presence::optional},
    {kContentSha256, 32, 32, Presence::optional},
    {kLowestUnanswered, 8, 8, Presence::optional},
    {kUserHeaders, 0, kMaxBlock, Presence::optional},
};

std::optional<MessageKind> kind_of(uint8_t number) noexcept {
  const bool known = number >= static_cast<uint8_t>(MessageKind::oneway) &&
                     number <= static_cast<uint8_t>(MessageKind::reply);
  return known ? std::optional(static_cast<MessageKind>(number)) : std::nullopt;
}

/// The fields from `to` on. A field with a smaller type stands in front of them, and nowhere else.
base::ByteView portable_part(base::ByteView block) noexcept {
  TlvReader reader(block);
  while (!reader.rest().empty() && base::load_be<uint16_t>(reader.rest()) < kTo)
    if (!reader.next()) return {};
  return reader.rest();
}

bool has_good_text(const MessageHeaders& headers) noexcept {
  const bool good_to = headers.to == "*" || is_address(headers.to);
  return good_to && is_address(headers.from) && is_plain_text(headers.topic);
}

MessageHeaders views_of(const FieldSet& fields, MessageKind kind) noexcept {
  MessageHeaders headers;
  headers.client_name = fields.text(kClientName);
  headers.token = fields.bytes(kToken);
  headers.token_signature = fields.bytes(kTokenSignature);
  headers.to = fields.text(kTo);
  headers.topic = fields.text(kTopic);
  headers.from = fields.text(kFrom);
  headers.id = fields.array<16>(kMessageId);
  headers.total_length = fields.integer<uint64_t>(kTotalLength);
  headers.kind = kind;
  if (fields.has(kCorrelation)) headers.correlation = fields.array<16>(kCorrelation);
  if (fields.has(kDeadlineMs)) headers.deadline_ms = fields.integer<uint64_t>(kDeadlineMs);
  if (fields.has(kContentSha256)) headers.content_sha256 = fields.array<32>(kContentSha256);
  if (fields.has(kLowestUnanswered)) headers.lowest_unanswered = fields.integer<uint64_t>(kLowestUnanswered);
  headers.user_headers = fields.bytes(kUserHeaders);
  return headers;
}

void append_optional(base::Bytes& out, const MessageHeaders& headers) {
  if (headers.correlation) append_tlv(out, kCorrelation, *headers.correlation);
  if (headers.deadline_ms) append_integer(out, kDeadlineMs, *headers.deadline_ms);
  if (headers.content_sha256) append_tlv(out, kContentSha256, *headers.content_sha256);
  if (headers.lowest_unanswered) append_integer(out, kLowestUnanswered, *headers.lowest_unanswered);
  if (!headers.user_headers.empty()) append_tlv(out, kUserHeaders, headers.user_headers);
}

}  // namespace

Checked<MessageHeaders> decode_message_headers(base::ByteView block) {
  FAIRLEAD_TRY(const FieldSet fields, read_field_set(block, kRules));
  const auto kind = kind_of(fields.integer<uint8_t>(kKind));
  if (!kind) return tl::unexpected(Refusal::bad_headers);
  // A reply without its request's id could be given to nobody, and nothing else answers a request.
  if ((*kind == MessageKind::reply) != fields.has(kCorrelation)) return tl::unexpected(Refusal::bad_headers);
  MessageHeaders headers = views_of(fields, *kind);
  if (!has_good_text(headers)) return tl::unexpected(Refusal::bad_headers);
  FAIRLEAD_TRY(check_user_headers(headers.user_headers));
  headers.portable = portable_part(block);
  return headers;
}

void append_portable(base::Bytes& out, const MessageHeaders& headers) {
  append_tlv(out, kTo, base::as_bytes(headers.to));
  append_tlv(out, kTopic, base::as_bytes(headers.topic));
  append_tlv(out, kFrom, base::as_bytes(headers.from));
  append_tlv(out, kMessageId, headers.id);
  append_integer(out, kTotalLength, headers.total_length);
  append_integer(out, kKind, static_cast<uint8_t>(headers.kind));
  append_optional(out, headers);
}

void append_credentials(base::Bytes& out, std::string_view client_name, base::ByteView token,
                        base::ByteView token_signature) {
  append_tlv(out, kClientName, base::as_bytes(client_name));
  append_tlv(out, kToken, token);
  append_tlv(out, kTokenSignature, token_signature);
}

}  // namespace fairlead::frame

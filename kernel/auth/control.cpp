#include "auth/control.hpp"

#include <algorithm>

#include "auth/plain_frame.hpp"
#include "base/assert.hpp"
#include "base/result.hpp"
#include "frame/field_set.hpp"
#include "frame/plain_text.hpp"

namespace fairlead::auth {
namespace {

using base::Checked;
using base::Refusal;
using frame::FieldRule;
using frame::FrameType;
using frame::Presence;

enum : uint16_t { kNumber = 1 };
constexpr FieldRule kPingRules[] = {{kNumber, 8, 8}};

enum : uint16_t { kCode = 1, kText = 2, kAbout = 3 };
constexpr FieldRule kErrorRules[] = {
    {kCode, 1, 1}, {kText, 0, kMaxErrorText, Presence::optional}, {kAbout, 16, 16, Presence::optional}};

void append_control(FrameType type, base::Bytes body, Lane& lane, frame::Outbox& out) {
  const base::Slice slice = base::move_to_slice(std::move(body));
  lane.protect(type, 0, {}, {}, {}, {&slice, 1}, out);
}

void append_number(FrameType type, uint64_t number, Lane& lane, frame::Outbox& out) {
  base::Bytes body;
  frame::append_integer(body, kNumber, number);
  append_control(type, std::move(body), lane, out);
}

std::string printable(std::string_view text) {
  std::string out(text.substr(0, kMaxErrorText));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return out;
}

}  // namespace

void append_ping(uint64_t number, Lane& lane, frame::Outbox& out) {
  append_number(FrameType::ping, number, lane, out);
}

void append_pong(uint64_t number, Lane& lane, frame::Outbox& out) {
  append_number(FrameType::pong, number, lane, out);
}

void append_goaway(Lane& lane, frame::Outbox& out) { append_control(FrameType::goaway, {}, lane, out); }
void append_close(Lane& lane, frame::Outbox& out) { append_control(FrameType::close, {}, lane, out); }

void append_error(Refusal code, std::string_view text, const frame::MessageId* about, Lane* lane,
                  frame::Outbox& out) {
  FAIRLEAD_ASSERT(about == nullptr || (lane != nullptr && is_about_one_message(code)));
  base::Bytes body;
  frame::append_integer(body, kCode, static_cast<uint8_t>(code));
  if (!text.empty()) frame::append_tlv(body, kText, base::as_bytes(printable(text)));
  if (about != nullptr) frame::append_tlv(body, kAbout, *about);
  if (lane != nullptr) return append_control(FrameType::error, std::move(body), *lane, out);
  out.append(plain_frame(FrameType::error, End::server, body));
}

Checked<uint64_t> decode_ping(base::ByteView body) {
  FAIRLEAD_TRY(const frame::FieldSet fields, frame::read_field_set(body, kPingRules));
  return fields.integer<uint64_t>(kNumber);
}

Checked<RemoteError> decode_error(base::ByteView body) {
  FAIRLEAD_TRY(const frame::FieldSet fields, frame::read_field_set(body, kErrorRules));
  const auto code = base::refusal_from_code(fields.integer<uint8_t>(kCode));
  if (!code || !frame::is_plain_text(fields.text(kText))) return tl::unexpected(Refusal::bad_headers);
  RemoteError error{*code, std::string(fields.text(kText)), {}};
  if (!fields.has(kAbout)) return error;
  if (!is_about_one_message(*code)) return tl::unexpected(Refusal::bad_headers);
  error.about = fields.array<16>(kAbout);
  return error;
}

Checked<void> decode_empty(base::ByteView body) {
  FAIRLEAD_TRY(frame::read_field_set(body, {}));
  return {};
}

bool is_about_one_message(Refusal code) noexcept {
  switch (code) {
    case Refusal::not_allowed:
    case Refusal::no_such_endpoint:
    case Refusal::receiver_gone:
    case Refusal::deadline_passed:
    case Refusal::busy:
    case Refusal::id_reused:
      return true;
    default:
      return false;
  }
}

}  // namespace fairlead::auth

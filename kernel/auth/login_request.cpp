#include "auth/login_request.hpp"

#include "auth/wire_enums.hpp"
#include "base/result.hpp"
#include "frame/field_set.hpp"

namespace fairlead::auth {
namespace {

using base::Checked;
using base::Refusal;
using frame::FieldRule;

enum : uint16_t {
  kProject = 1,
  kName,
  kType,
  kEndpoint,
  kInstance,
  kConfigured,
  kBits,
  kBinding,
  kWanted,
  kCompact,
  kPrelude
};
constexpr FieldRule kRules[] = {
    {kProject, 1, 255},  {kName, 1, 255},     {kType, 1, 1},     {kEndpoint, 1, 320},
    {kInstance, 16, 16}, {kConfigured, 1, 1}, {kBits, 1, 1},     {kBinding, 0, kMaxBinding},
    {kWanted, 1, 1},     {kCompact, 1, 1},    {kPrelude, 32, 32}};

Checked<bool> yes_or_no(uint8_t number) noexcept {
  if (number > 1) return tl::unexpected(Refusal::bad_headers);
  return number == 1;
}

}  // namespace

base::Bytes encode(const LoginRequest& request) {
  base::Bytes out;
  frame::append_tlv(out, kProject, base::as_bytes(request.project));
  frame::append_tlv(out, kName, base::as_bytes(request.name));
  frame::append_integer(out, kType, wire_number(request.type));
  frame::append_tlv(out, kEndpoint, base::as_bytes(request.endpoint));
  frame::append_tlv(out, kInstance, request.instance);
  frame::append_integer(out, kConfigured, static_cast<uint8_t>(request.configured));
  frame::append_integer(out, kBits, request.observed.bits);
  frame::append_tlv(out, kBinding, request.observed.binding);
  frame::append_integer(out, kWanted, static_cast<uint8_t>(request.wanted));
  frame::append_integer(out, kCompact, static_cast<uint8_t>(request.compact_headers ? 1 : 0));
  frame::append_tlv(out, kPrelude, request.prelude);
  return out;
}

Checked<LoginRequest> decode_login_request(base::ByteView content) {
  FAIRLEAD_TRY(const frame::FieldSet fields, frame::read_field_set(content, kRules));
  LoginRequest request;
  request.project = fields.text(kProject);
  request.name = fields.text(kName);
  FAIRLEAD_TRY(request.type, participant_type(fields.integer<uint8_t>(kType)));
  request.endpoint = fields.text(kEndpoint);
  request.instance = fields.array<16>(kInstance);
  FAIRLEAD_TRY(request.configured, connection_security(fields.integer<uint8_t>(kConfigured)));
  FAIRLEAD_TRY(request.observed.bits, observed_bits(fields.integer<uint8_t>(kBits)));
  request.observed.binding = base::to_bytes(fields.bytes(kBinding));
  FAIRLEAD_TRY(request.wanted, message_security(fields.integer<uint8_t>(kWanted)));
  FAIRLEAD_TRY(request.compact_headers, yes_or_no(fields.integer<uint8_t>(kCompact)));
  request.prelude = fields.array<32>(kPrelude);
  return request;
}

}  // namespace fairlead::auth

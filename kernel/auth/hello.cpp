#include "auth/hello.hpp"

#include <algorithm>

#include "auth/wire_enums.hpp"
#include "base/result.hpp"
#include "frame/field_set.hpp"
#include "frame/header.hpp"

namespace fairlead::auth {
namespace {

using base::Checked;
using base::Refusal;
using frame::FieldRule;
using frame::Presence;

enum : uint16_t { kLaneNonce = 1, kBootId = 2, kInviteVersions = 3, kMaxBlock = 4, kMaxBody = 5 };
constexpr FieldRule kInviteRules[] = {
    {kLaneNonce, 16, 16}, {kBootId, 8, 8}, {kInviteVersions, 1, 16}, {kMaxBlock, 4, 4}, {kMaxBody, 4, 4}};

enum : uint16_t { kHelloVersions = 1, kAudience = 2 };
constexpr FieldRule kHelloRules[] = {{kHelloVersions, 1, 16}, {kAudience, 32, 32}};

// 4 and 5 are kept for the key pair of links that have keys of their own instead of an exporter.
enum : uint16_t { kClientNonce = 1, kBits = 2, kBinding = 3, kLevel = 6 };
constexpr FieldRule kOpenRules[] = {
    {kClientNonce, 16, 16}, {kBits, 1, 1}, {kBinding, 0, kMaxBinding}, {kLevel, 1, 1}};

Checked<base::Bytes> take_versions(base::ByteView versions) {
  if (std::adjacent_find(versions.begin(), versions.end(), std::greater_equal<>()) != versions.end())
    return tl::unexpected(Refusal::bad_headers);
  if (std::find(versions.begin(), versions.end(), kVersion) == versions.end())
    return tl::unexpected(Refusal::downgrade);
  return base::to_bytes(versions);
}

}  // namespace

base::Bytes encode(const LaneInvite& invite) {
  base::Bytes out;
  frame::append_tlv(out, kLaneNonce, invite.lane_nonce);
  frame::append_tlv(out, kBootId, invite.boot_id);
  frame::append_tlv(out, kInviteVersions, invite.versions);
  frame::append_integer(out, kMaxBlock, invite.max_block);
  frame::append_integer(out, kMaxBody, invite.max_body);
  return out;
}

base::Bytes encode(const Hello& hello) {
  base::Bytes out;
  frame::append_tlv(out, kHelloVersions, hello.versions);
  frame::append_tlv(out, kAudience, hello.audience);
  return out;
}

base::Bytes encode(const LaneOpen& open) {
  base::Bytes out;
  frame::append_tlv(out, kClientNonce, open.client_nonce);
  frame::append_integer(out, kBits, open.observed.bits);
  frame::append_tlv(out, kBinding, open.observed.binding);
  frame::append_integer(out, kLevel, static_cast<uint8_t>(open.level));
  return out;
}

Checked<LaneInvite> decode_lane_invite(base::ByteView body) {
  FAIRLEAD_TRY(const frame::FieldSet fields, frame::read_field_set(body, kInviteRules));
  LaneInvite invite;
  invite.lane_nonce = fields.array<16>(kLaneNonce);
  invite.boot_id = fields.array<8>(kBootId);
  FAIRLEAD_TRY(invite.versions, take_versions(fields.bytes(kInviteVersions)));
  invite.max_block = fields.integer<uint32_t>(kMaxBlock);
  invite.max_body = fields.integer<uint32_t>(kMaxBody);
  // Smaller limits would need smaller frames; version 1 has one size.
  if (invite.max_block < frame::kMaxBlock || invite.max_body < frame::kMaxBody)
    return tl::unexpected(Refusal::bad_headers);
  return invite;
}

Checked<Hello> decode_hello(base::ByteView body) {
  FAIRLEAD_TRY(const frame::FieldSet fields, frame::read_field_set(body, kHelloRules));
  Hello hello;
  FAIRLEAD_TRY(hello.versions, take_versions(fields.bytes(kHelloVersions)));
  hello.audience = fields.array<32>(kAudience);
  return hello;
}

Checked<LaneOpen> decode_lane_open(base::ByteView body) {
  FAIRLEAD_TRY(const frame::FieldSet fields, frame::read_field_set(body, kOpenRules));
  LaneOpen open;
  open.client_nonce = fields.array<16>(kClientNonce);
  FAIRLEAD_TRY(open.observed.bits, observed_bits(fields.integer<uint8_t>(kBits)));
  open.observed.binding = base::to_bytes(fields.bytes(kBinding));
  FAIRLEAD_TRY(open.level, message_security(fields.integer<uint8_t>(kLevel)));
  return open;
}

}  // namespace fairlead::auth

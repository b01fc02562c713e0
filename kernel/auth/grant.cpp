#include "auth/grant.hpp"

#include "auth/wire_enums.hpp"
#include "base/result.hpp"
#include "frame/field_set.hpp"
#include "frame/message_headers.hpp"
#include "frame/plain_text.hpp"

namespace fairlead::auth {
namespace {

using base::Checked;
using base::Refusal;
using frame::FieldRule;

enum : uint16_t {
  kSid = 1,
  kToken,
  kSignature,
  kSigner,
  kLifetime,
  kRenewAfter,
  kHeartbeat,
  kMaxBlock,
  kMaxBody,
  kServerTime,
  kBootId,
  kPrelude,
  kFloor
};
constexpr FieldRule kGrantRules[] = {{kSid, 16, 16},
                                     {kToken, 1, frame::kMaxToken},
                                     {kSignature, 1, frame::kMaxSignature},
                                     {kSigner, 1, 8192},
                                     {kLifetime, 4, 4},
                                     {kRenewAfter, 4, 4},
                                     {kHeartbeat, 4, 4},
                                     {kMaxBlock, 4, 4},
                                     {kMaxBody, 4, 4},
                                     {kServerTime, 8, 8},
                                     {kBootId, 8, 8},
                                     {kPrelude, 32, 32},
                                     {kFloor, 1, 1}};

enum : uint16_t { kCode = 1, kReference = 2 };
constexpr FieldRule kRefusalRules[] = {{kCode, 1, 1}, {kReference, 0, 64}};

template <class Duration>
void append_duration(base::Bytes& out, uint16_t type, Duration duration) {
  frame::append_integer(out, type, static_cast<uint32_t>(duration.count()));
}

}  // namespace

base::Bytes encode(const Grant& grant) {
  base::Bytes out;
  frame::append_tlv(out, kSid, grant.sid);
  frame::append_tlv(out, kToken, grant.token);
  frame::append_tlv(out, kSignature, grant.token_signature);
  frame::append_tlv(out, kSigner, grant.signer_der);
  append_duration(out, kLifetime, grant.lifetime);
  append_duration(out, kRenewAfter, grant.renew_after);
  append_duration(out, kHeartbeat, grant.heartbeat);
  frame::append_integer(out, kMaxBlock, grant.max_block);
  frame::append_integer(out, kMaxBody, grant.max_body);
  frame::append_integer(out, kServerTime,
                        static_cast<uint64_t>(grant.server_time.time_since_epoch().count()));
  frame::append_tlv(out, kBootId, grant.boot_id);
  frame::append_tlv(out, kPrelude, grant.prelude);
  frame::append_integer(out, kFloor, static_cast<uint8_t>(grant.floor));
  return out;
}

base::Bytes encode(const LoginRefusal& refusal) {
  base::Bytes out;
  frame::append_integer(out, kCode, static_cast<uint8_t>(refusal.code));
  frame::append_tlv(out, kReference, base::as_bytes(refusal.reference));
  return out;
}

Checked<Grant> decode_grant(base::ByteView content) {
  FAIRLEAD_TRY(const frame::FieldSet fields, frame::read_field_set(content, kGrantRules));
  Grant grant;
  grant.sid = fields.array<16>(kSid);
  grant.token = base::to_bytes(fields.bytes(kToken));
  grant.token_signature = base::to_bytes(fields.bytes(kSignature));
  grant.signer_der = base::to_bytes(fields.bytes(kSigner));
  grant.lifetime = std::chrono::seconds(fields.integer<uint32_t>(kLifetime));
  grant.renew_after = std::chrono::seconds(fields.integer<uint32_t>(kRenewAfter));
  grant.heartbeat = std::chrono::milliseconds(fields.integer<uint32_t>(kHeartbeat));
  grant.max_block = fields.integer<uint32_t>(kMaxBlock);
  grant.max_body = fields.integer<uint32_t>(kMaxBody);
  grant.server_time =
      base::WallTime(std::chrono::milliseconds(static_cast<int64_t>(fields.integer<uint64_t>(kServerTime))));
  grant.boot_id = fields.array<8>(kBootId);
  grant.prelude = fields.array<32>(kPrelude);
  FAIRLEAD_TRY(grant.floor, message_security(fields.integer<uint8_t>(kFloor)));
  return grant;
}

Checked<LoginRefusal> decode_login_refusal(base::ByteView content) {
  FAIRLEAD_TRY(const frame::FieldSet fields, frame::read_field_set(content, kRefusalRules));
  const auto code = base::refusal_from_code(fields.integer<uint8_t>(kCode));
  if (!code || !frame::is_plain_text(fields.text(kReference))) return tl::unexpected(Refusal::bad_headers);
  return LoginRefusal{*code, std::string(fields.text(kReference))};
}

}  // namespace fairlead::auth

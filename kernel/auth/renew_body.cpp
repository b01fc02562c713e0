#include "auth/renew_body.hpp"

#include "base/result.hpp"
#include "frame/field_set.hpp"
#include "frame/message_headers.hpp"

namespace fairlead::auth {
namespace {

using base::Checked;
using frame::FieldRule;

enum : uint16_t { kClientKey = 1, kNonce = 2 };
constexpr FieldRule kRequestRules[] = {{kClientKey, 32, 32}, {kNonce, 16, 16}};

enum : uint16_t { kServerKey = 1, kToken = 2, kSignature = 3, kSigner = 4, kRenewAfter = 5 };
constexpr FieldRule kAnswerRules[] = {{kServerKey, 32, 32},
                                      {kToken, 1, frame::kMaxToken},
                                      {kSignature, 1, frame::kMaxSignature},
                                      {kSigner, 1, 8192},
                                      {kRenewAfter, 4, 4}};

}  // namespace

base::Bytes encode(const RenewRequest& request) {
  base::Bytes out;
  frame::append_tlv(out, kClientKey, request.key);
  frame::append_tlv(out, kNonce, request.nonce);
  return out;
}

base::Bytes encode(const RenewAnswer& answer) {
  base::Bytes out;
  frame::append_tlv(out, kServerKey, answer.key);
  frame::append_tlv(out, kToken, answer.token);
  frame::append_tlv(out, kSignature, answer.token_signature);
  frame::append_tlv(out, kSigner, answer.signer_der);
  frame::append_integer(out, kRenewAfter, static_cast<uint32_t>(answer.renew_after.count()));
  return out;
}

Checked<RenewRequest> decode_renew_request(base::ByteView body) {
  FAIRLEAD_TRY(const frame::FieldSet fields, frame::read_field_set(body, kRequestRules));
  return RenewRequest{fields.array<32>(kClientKey), fields.array<16>(kNonce)};
}

Checked<RenewAnswer> decode_renew_answer(base::ByteView body) {
  FAIRLEAD_TRY(const frame::FieldSet fields, frame::read_field_set(body, kAnswerRules));
  RenewAnswer answer;
  answer.key = fields.array<32>(kServerKey);
  answer.token = base::to_bytes(fields.bytes(kToken));
  answer.token_signature = base::to_bytes(fields.bytes(kSignature));
  answer.signer_der = base::to_bytes(fields.bytes(kSigner));
  answer.renew_after = std::chrono::seconds(fields.integer<uint32_t>(kRenewAfter));
  return answer;
}

}  // namespace fairlead::auth

#include "auth/login_request.hpp"

#include "auth/wire_enums.hpp"
#include "base/result.hpp"
#include "frame/field_set.hpp"

namespace fairlead::auth {
namespace {

using base::Checked;
using base::Refusal;
using frame::FieldRule;
using frame::Presence;

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
  kPrelude,
  kDelegation,
  kDelegationSignature,
  kSiteChain
};
constexpr uint16_t kMaxDelegationSignature = 512, kMaxSiteChainBytes = 8192;
constexpr FieldRule kRules[] = {{kProject, 1, 255},
                                {kName, 1, 255},
                                {kType, 1, 1},
                                {kEndpoint, 1, 320},
                                {kInstance, 16, 16},
                                {kConfigured, 1, 1},
                                {kBits, 1, 1},
                                {kBinding, 0, kMaxBinding},
                                {kWanted, 1, 1},
                                {kCompact, 1, 1},
                                {kPrelude, 32, 32},
                                {kDelegation, 1, crypto::kMaxDelegation, Presence::optional},
                                {kDelegationSignature, 1, kMaxDelegationSignature, Presence::optional},
                                {kSiteChain, 1, kMaxSiteChainBytes, Presence::optional}};

Checked<bool> yes_or_no(uint8_t number) noexcept {
  if (number > 1) return tl::unexpected(Refusal::bad_headers);
  return number == 1;
}

base::Bytes chain_bytes(const DerPath& chain) {
  base::Bytes out;
  for (const base::Bytes& der : chain) base::append_counted(out, der);
  return out;
}

/// All three fields, or none.
Checked<std::optional<DelegationProof>> delegation_in(const frame::FieldSet& fields) {
  const int present = static_cast<int>(fields.has(kDelegation)) +
                      static_cast<int>(fields.has(kDelegationSignature)) +
                      static_cast<int>(fields.has(kSiteChain));
  if (present == 0) return std::nullopt;
  DelegationProof proof;
  proof.made.delegation = base::to_bytes(fields.bytes(kDelegation));
  proof.made.signature = base::to_bytes(fields.bytes(kDelegationSignature));
  base::Reader chain(fields.bytes(kSiteChain));
  while (chain.ok() && !chain.rest().empty() && proof.site_chain.size() <= kMaxSiteChain)
    proof.site_chain.push_back(base::to_bytes(chain.counted()));
  if (present != 3 || !chain.finished() || proof.site_chain.size() > kMaxSiteChain)
    return tl::unexpected(Refusal::bad_headers);
  return proof;
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
  if (!request.delegation) return out;
  frame::append_tlv(out, kDelegation, request.delegation->made.delegation);
  frame::append_tlv(out, kDelegationSignature, request.delegation->made.signature);
  frame::append_tlv(out, kSiteChain, chain_bytes(request.delegation->site_chain));
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
  FAIRLEAD_TRY(request.delegation, delegation_in(fields));
  return request;
}

}  // namespace fairlead::auth

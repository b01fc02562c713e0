#include "crypto/delegation.hpp"

#include <algorithm>
#include <functional>

#include "base/names.hpp"

namespace fairlead::crypto {
namespace {

using base::Checked;
using base::Refusal;

constexpr uint32_t kMagic = 0x464C4431;  // FLD1
constexpr std::string_view kLabel = "FAIRLEAD1 delegation";
constexpr std::string_view kAdminTopics = "admin/";

base::WallTime time_of(uint64_t milliseconds) noexcept {
  return base::WallTime(std::chrono::milliseconds(static_cast<int64_t>(milliseconds)));
}

uint64_t number_of(base::WallTime time) noexcept {
  return static_cast<uint64_t>(time.time_since_epoch().count());
}

bool is_control(char character) noexcept {
  const auto byte = static_cast<uint8_t>(character);
  return byte < 0x20 || byte == 0x7F;
}

bool has_good_times(const Delegation& delegation) noexcept {
  return delegation.issued.time_since_epoch().count() >= 0 && delegation.issued < delegation.expires;
}

bool has_good_topics(const std::vector<std::string>& topics) noexcept {
  const bool ascending = std::ranges::adjacent_find(topics, std::greater_equal<>()) == topics.end();
  return !topics.empty() && topics.size() <= kMaxDelegatedTopics && ascending &&
         std::ranges::all_of(topics, is_delegable);
}

}  // namespace

bool is_delegable(std::string_view topic) noexcept {
  return !topic.empty() && topic.size() <= 255 && topic != "*" && !topic.starts_with(kAdminTopics) &&
         std::ranges::none_of(topic, is_control);
}

base::Bytes encode(const Delegation& delegation) {
  base::Bytes out;
  base::append_be(out, kMagic);
  base::append_be(out, uint16_t{0});
  base::append(out, delegation.kid);
  base::append_be(out, number_of(delegation.issued));
  base::append_be(out, number_of(delegation.expires));
  base::append(out, delegation.audience);
  base::append_counted(out, base::as_bytes(delegation.endpoint));
  base::append_counted(out, delegation.spki);
  for (const std::string& topic : delegation.topics) base::append_counted(out, base::as_bytes(topic));
  return out;
}

Checked<Delegation> decode_delegation(base::ByteView bytes) {
  base::Reader fields(bytes);
  const bool known = fields.integer<uint32_t>() == kMagic && fields.integer<uint16_t>() == 0;
  Delegation out;
  base::copy(fields.bytes(out.kid.size()), out.kid);
  out.issued = time_of(fields.integer<uint64_t>());
  out.expires = time_of(fields.integer<uint64_t>());
  base::copy(fields.bytes(out.audience.size()), out.audience);
  out.endpoint = base::as_text(fields.counted());
  out.spki = base::to_bytes(fields.counted());
  while (fields.ok() && !fields.rest().empty()) out.topics.emplace_back(base::as_text(fields.counted()));
  const bool good = known && fields.finished() && bytes.size() <= kMaxDelegation && has_good_times(out) &&
                    base::Endpoint::parse(out.endpoint) && !out.spki.empty() && has_good_topics(out.topics);
  if (!good) return tl::unexpected(Refusal::malformed);
  return out;
}

base::Result<SignedDelegation> sign_delegation(Delegation delegation, const PrivateKey& site) {
  delegation.kid = site.public_key().key_id();
  SignedDelegation out;
  out.delegation = encode(delegation);
  if (!decode_delegation(out.delegation))
    return base::fail(base::ErrorCode::bad_arguments, "nobody would take a delegation like this one",
                      "name 1 to 32 topics of 1 to 255 bytes, none of them `*` or below `admin/`");
  FAIRLEAD_TRY(out.signature, site.sign(kLabel, out.delegation));
  if (!site.public_key().verify(kLabel, out.delegation, out.signature))
    return base::fail(base::ErrorCode::internal, "the site's key made a signature that does not verify");
  return out;
}

Checked<Delegation> verify_delegation(const SignedDelegation& made, const PublicKey& site) {
  FAIRLEAD_TRY(Delegation content, decode_delegation(made.delegation));
  const bool signed_by_site =
      content.kid == site.key_id() && site.verify(kLabel, made.delegation, made.signature);
  if (!signed_by_site) return tl::unexpected(Refusal::bad_chain);
  return content;
}

}  // namespace fairlead::crypto

#include "base/refusal.hpp"

#include <utility>

namespace fairlead::base {
namespace {

constexpr std::pair<Refusal, std::string_view> kNames[] = {
    {Refusal::malformed, "malformed"},
    {Refusal::too_large, "too_large"},
    {Refusal::wrong_state, "wrong_state"},
    {Refusal::rate_limited, "rate_limited"},
    {Refusal::unknown_lane, "unknown_lane"},
    {Refusal::old_epoch, "old_epoch"},
    {Refusal::replay, "replay"},
    {Refusal::bad_tag, "bad_tag"},
    {Refusal::bad_headers, "bad_headers"},
    {Refusal::bad_token, "bad_token"},
    {Refusal::expired, "expired"},
    {Refusal::revoked, "revoked"},
    {Refusal::bad_origin, "bad_origin"},
    {Refusal::id_reused, "id_reused"},
    {Refusal::not_allowed, "not_allowed"},
    {Refusal::no_such_endpoint, "no_such_endpoint"},
    {Refusal::receiver_gone, "receiver_gone"},
    {Refusal::deadline_passed, "deadline_passed"},
    {Refusal::busy, "busy"},
    {Refusal::login_refused, "login_refused"},
    {Refusal::bad_chain, "bad_chain"},
    {Refusal::certificate_expired, "certificate_expired"},
    {Refusal::not_yet_valid, "not_yet_valid"},
    {Refusal::certificate_revoked, "certificate_revoked"},
    {Refusal::crl_stale, "crl_stale"},
    {Refusal::wrong_usage, "wrong_usage"},
    {Refusal::wrong_identity, "wrong_identity"},
    {Refusal::wrong_project, "wrong_project"},
    {Refusal::wrong_audience, "wrong_audience"},
    {Refusal::binding_mismatch, "binding_mismatch"},
    {Refusal::security_floor, "security_floor"},
    {Refusal::disabled, "disabled"},
    {Refusal::endpoint_in_use, "endpoint_in_use"},
    {Refusal::quota, "quota"},
    {Refusal::downgrade, "downgrade"},
    {Refusal::login_timeout, "login_timeout"},
};

}  // namespace

std::string_view name(Refusal refusal) noexcept {
  for (const auto& [code, text] : kNames)
    if (code == refusal) return text;
  return "malformed";
}

std::optional<Refusal> refusal_from_code(uint8_t code) noexcept {
  for (const auto& entry : kNames)
    if (static_cast<uint8_t>(entry.first) == code) return entry.first;
  return std::nullopt;
}

}  // namespace fairlead::base

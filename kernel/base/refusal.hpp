/// Refusal: the closed list of reasons why a frame, a message or a login is not admitted. Names are a
/// contract.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <tl/expected.hpp>

namespace fairlead::base {

enum class Refusal : uint8_t {
  // frames
  malformed = 1,
  too_large,
  wrong_state,
  rate_limited,
  unknown_lane,
  old_epoch,
  replay,
  bad_tag,
  bad_headers,
  bad_token,
  expired,
  revoked,
  bad_origin,
  id_reused,
  // routing
  not_allowed = 32,
  no_such_endpoint,
  receiver_gone,
  deadline_passed,
  busy,
  // login: the peer sees only login_refused until its chain has verified
  login_refused = 64,
  bad_chain,
  certificate_expired,
  not_yet_valid,
  certificate_revoked,
  crl_stale,
  wrong_usage,
  wrong_identity,
  wrong_project,
  wrong_audience,
  binding_mismatch,
  security_floor,
  disabled,
  endpoint_in_use,
  quota,
  downgrade,
  login_timeout
};

/// The snake_case name, the same in logs, counters, JSON and error frames.
std::string_view name(Refusal refusal) noexcept;
/// The refusal of a wire code, nothing for a number this build does not know.
std::optional<Refusal> refusal_from_code(uint8_t code) noexcept;

/// A value, or the one reason why there is none. What the gate's functions return: no allocation.
template <class T>
using Checked = tl::expected<T, Refusal>;

}  // namespace fairlead::base

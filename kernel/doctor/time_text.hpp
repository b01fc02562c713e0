/// Points in time and spans as people read them. Pure.
#pragma once
#include <string>

#include "base/clock.hpp"

namespace fairlead::doctor {

/// "2026-11-24 19:20:05 UTC".
std::string text(base::WallTime time);
/// "3 days", "5 hours", "12 seconds": the largest whole unit, without a sign.
std::string span_text(std::chrono::milliseconds span);

/// When something is valid.
struct Validity {
  std::string what;  ///< "client.crt"
  base::WallTime from{}, until{};

  bool holds_at(base::WallTime now) const noexcept { return from <= now && now < until; }
};
/// "FROM to UNTIL".
std::string text(const Validity& validity);

}  // namespace fairlead::doctor

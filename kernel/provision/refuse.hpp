/// How this room and who uses it say that something is well formed and yet not granted.
#pragma once
#include <string>

#include "base/result.hpp"

namespace fairlead::provision {

/// ErrorCode::refused with a stable `reason`.
inline tl::unexpected<base::Error> refuse(const char* reason, std::string text, std::string hint) {
  return tl::unexpected<base::Error>(
      base::Error{base::ErrorCode::refused, std::move(text), std::move(hint), {}, reason});
}

}  // namespace fairlead::provision

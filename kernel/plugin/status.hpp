/// Statuses and texts of the ABI in the kernel's own words. Pure.
#pragma once
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "fairlead/transport.h"
#include "plugin/registry.hpp"

namespace fairlead::plugin {

inline std::string_view view(fairlead_text text) noexcept {
  return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
}
inline fairlead_text text(std::string_view view) noexcept { return {view.data(), view.size()}; }

/// What a foreign text may become in logs and errors: at most 512 bytes, control characters and broken UTF-8
/// replaced by '?'.
std::string printable(std::string_view foreign);
CloseReason close_reason(fairlead_status status) noexcept;
/// The error of a slot that answered `status`; `tried` is such as "cannot listen on tcp://...".
base::Error error_of(fairlead_status status, const fairlead_error& details, const std::string& tried);
/// The failed half of a load: Error::reason is the refusal's name.
tl::unexpected<base::Error> refuse(LoadRefusal why, std::string what, std::string hint);

}  // namespace fairlead::plugin

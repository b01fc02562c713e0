/// Is a transport's table what the ABI demands? Asked after loading and before anything of the plugin is
/// called.
#pragma once
#include <vector>

#include "base/result.hpp"
#include "fairlead/transport.h"

namespace fairlead::plugin {

/// Most options and schemes that a plugin may declare.
inline constexpr size_t kMaxOptions = 256, kMaxSchemes = 16;

/// In this order: BAD_MAGIC, OTHER_MAJOR, SHORT_TABLE, NEEDS_NEWER_KERNEL, MISSING_SLOT, BAD_DESCRIPTOR.
/// `plugin` is what to call it in the error.
base::Status validate(const std::string& plugin, const fairlead_transport& table);
/// The schemes of a table that is valid so far.
std::vector<std::string> schemes_of(const fairlead_transport& table);

}  // namespace fairlead::plugin

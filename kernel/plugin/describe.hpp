/// A plugin's table in words, for people who choose and set up transports. Read by the loaded transport.
#pragma once
#include "plugin/host.hpp"

namespace fairlead::plugin {

/// [any] Everything that the plugin declares, foreign texts made printable.
Description describe(const Plugin& plugin);

}  // namespace fairlead::plugin

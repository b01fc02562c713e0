/// From a scheme of a configuration to the transport that serves it: the site's own plugin when it names one,
/// else the installation's.
#pragma once
#include <memory>
#include <string>

#include "base/log.hpp"
#include "node/configured.hpp"
#include "plugin/registry.hpp"
#include "plugin/watchdog.hpp"

namespace fairlead::node {

/// Loads what is not loaded yet into `registry`, which owns it. A plugin that the site's local file names is
/// loaded from there, with the digest that stands beside it, and its reports about a link are believed by
/// nobody. Fails as plugin::load() and Registry::need(); bad_configuration when the site's plugin does not
/// serve the scheme.
base::Result<plugin::Transport*> transport_for(const std::string& scheme, const Configured& configured,
                                               plugin::Registry& registry, base::Log& log);

/// Ends this process with exit code 5 when a call into a plugin takes longer than `limit`: the loop stands
/// still, so nothing in order can be done any more, and whoever looks after the process starts it again.
std::shared_ptr<plugin::Watchdog> make_watchdog(base::Milliseconds limit, base::Log& log);

}  // namespace fairlead::node

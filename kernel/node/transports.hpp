/// From a scheme of a configuration to the transport that serves it: the site's own plugin when it names one,
/// else the installation's.
#pragma once
#include <string>

#include "base/log.hpp"
#include "node/configured.hpp"
#include "plugin/registry.hpp"

namespace fairlead::node {

/// Loads what is not loaded yet into `registry`, which owns it. A plugin that the site's local file names is
/// loaded from there, with the digest that stands beside it, and its reports about a link are believed by
/// nobody. Fails as plugin::load() and Registry::need(); bad_configuration when the site's plugin does not
/// serve the scheme.
base::Result<plugin::Transport*> transport_for(const std::string& scheme, const Configured& configured,
                                               plugin::Registry& registry, base::Log& log);

}  // namespace fairlead::node

/// The log of an embedded node: where its lines go and from which level on.
#pragma once
#include <memory>

#include "base/log.hpp"
#include "fairlead/node.h"
#include "node/settings.hpp"

namespace fairlead::node {

/// Level and format: the options, else the settings log.level and log.format (--set, environment, the kit's
/// local file), else info and text. bad_arguments or bad_configuration for a value that means nothing.
base::Result<std::unique_ptr<base::Log>> make_log(const fairlead_node_options& options,
                                                  const Settings& settings);

}  // namespace fairlead::node

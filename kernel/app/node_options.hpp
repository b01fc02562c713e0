/// From the command line to the options of an embedded node and of a log.
#pragma once
#include <memory>

#include "app/arguments.hpp"
#include "base/log.hpp"
#include "fairlead/node.hpp"

namespace fairlead::app {

/// How much a command says when nobody asked: a service tells its story, a one-shot command only what went
/// wrong.
enum class Chatter { service, one_shot };

/// -q, -v and --log-level, else the settings of the kit, else the command's own measure.
Options node_options(const NodeArguments& node, const CommonArguments& common, Chatter chatter);
/// The command's own log. bad_arguments for a level or format that does not exist.
base::Result<std::unique_ptr<base::Log>> command_log(const CommonArguments& common);

}  // namespace fairlead::app

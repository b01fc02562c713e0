/// What may not change while a node runs. Used by the nodes when they are told to reload.
#pragma once
#include "node/configured.hpp"

namespace fairlead::node {

/// refused, with what differs and what to do, unless `fresh` is of the same project, participant, root and
/// server as `running`, and listens or connects in the same way.
base::Status check_same_node(const Configured& running, const Configured& fresh);

}  // namespace fairlead::node

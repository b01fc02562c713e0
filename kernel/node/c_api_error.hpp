/// From the kernel's Error to the C struct that embedding programs see. Pure, any thread.
#pragma once
#include "base/result.hpp"
#include "fairlead/node.h"

namespace fairlead::node {

/// The closed status that a call returns for this error.
fairlead_status status_of(const base::Error& error) noexcept;

/// The C form; texts too long for their room are cut between two characters.
fairlead_node_error to_c(const base::Error& error) noexcept;

/// Fills `out` as far as its struct_size says, when it is not NULL, and gives the status.
fairlead_status report(const base::Error& error, fairlead_node_error* out) noexcept;

/// ErrorCode::failed with reason "closed": the node is over.
base::Error closed_error();

}  // namespace fairlead::node

/// The functions that a plugin under test gets as its kernel.
#pragma once
#include "fairlead/transport.h"

namespace fairlead::check {

class Instance;

/// Its `ctx` is the instance, which outlives it.
fairlead_host make_host_table(Instance& instance) noexcept;

}  // namespace fairlead::check

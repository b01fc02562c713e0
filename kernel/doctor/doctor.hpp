/// Doctor: walks the layers that a connection needs, from the kit's files to a round trip, and reports on
/// each. Used by `fairlead doctor`.
#pragma once
#include <chrono>

#include "base/clock.hpp"
#include "doctor/report.hpp"
#include "node/settings.hpp"

namespace fairlead::doctor {

/// Examines the kit in `settings.kit` under its overrides: a client's, admin's or service's kit up to a real
/// login and a ping, a server's kit up to its ports, which are opened and closed. `patience` is the longest
/// wait of each step on the network. A layer that failed stops those that need it; others still run. Blocks;
/// one thread. Never fails as a whole: what is wrong is a row.
Report examine(const node::Settings& settings, std::chrono::milliseconds patience, const base::Clock& clock);

}  // namespace fairlead::doctor

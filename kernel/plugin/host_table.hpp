/// The C tables that a plugin sees, over one Host. The only file of this room with casts is their .cpp.
#pragma once
#include <vector>

#include "fairlead/peers.h"
#include "fairlead/transport.h"

namespace fairlead::plugin {

class Host;

/// The table with `host` as its ctx; lives as long as the host.
fairlead_host make_host_table(Host& host) noexcept;
fairlead_dial make_dial_table() noexcept;
fairlead_peers make_peers_table() noexcept;
/// The options that a plugin declares, stepped through by the plugin's stride; at most `limit` of them.
/// The stride is at least the part of fairlead_option that version 1.0 knows.
std::vector<fairlead_option> copy_options(const fairlead_transport& table, size_t limit);

}  // namespace fairlead::plugin

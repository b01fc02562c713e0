/// The host extension "fairlead.dial/1" of the kit: a real, non-blocking connect to a literal address or
/// "localhost".
#pragma once
#include "fairlead/transport.h"

namespace fairlead::check {

/// Lives for ever. Its host_ctx is an Instance, its loop a World.
const fairlead_dial& dial_table() noexcept;

}  // namespace fairlead::check

/// The kit's side of the ABI's opaque handles: empty bases, so that a handle becomes the kit's object by
/// static_cast alone.
#pragma once
#include "fairlead/transport.h"

struct fairlead_loop {};
struct fairlead_watch {};
struct fairlead_timer {};
struct fairlead_dialing {};
struct fairlead_listener {};
struct fairlead_conn {};

/// The process as a whole: what must hold before a kit is opened, and word to the service manager.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace fairlead::app {

/// No core dumps and no ptrace by others, since keys will be in memory; SIGPIPE and SIGHUP ignored
/// (a service takes SIGHUP through ServiceSignals).
void protect_process() noexcept;

/// As many descriptors as this process may have: each connection of a server is one, and the usual limit of
/// 1,024 is there for programs that use select().
void raise_descriptor_limit() noexcept;

/// Freed blocks below 4 MiB stay with the process, up to 32 MiB for each of malloc's arenas: messages of a
/// megabyte come one after another, and memory that went back to the system is cleared page by page.
void keep_freed_memory() noexcept;

/// Sends a state such as "READY=1" to the service manager's socket: an absolute path, or "@name" for an
/// abstract one. Nothing happens for an empty address. ErrorCode::failed with what went wrong.
base::Status notify_service_manager(const std::string& address, std::string_view state);
/// $NOTIFY_SOCKET, empty without.
std::string notify_address();
/// The environment of this process, name to value.
std::map<std::string, std::string> environment();

}  // namespace fairlead::app

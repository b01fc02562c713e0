/// `fairlead admin`: what administrators ask of a running server.
#pragma once
#include <string>

#include "app/arguments.hpp"
#include "app/output.hpp"

namespace fairlead::app {

/// Logs in with the administrator's kit, asks for `action` (sessions, kick, disable, enable, drain, reload,
/// audit) and prints the answer. `audit --verify` gives 1 when the chain is broken.
int run_admin(const std::string& action, const AdminArguments& arguments, const CommonArguments& common,
              const Output& output);

/// "3d 4h", "2h 5m", "45s": two units at most. Pure.
std::string age_text(int64_t seconds);
/// "2026-01-02 03:04:05" UTC. Pure.
std::string time_text(int64_t milliseconds);

}  // namespace fairlead::app

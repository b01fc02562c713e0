/// The checks of a project that open other files: custom CA certificates. Used by `config check` and by
/// provision.
#pragma once
#include <string>

#include "base/result.hpp"
#include "config/diagnostics.hpp"
#include "config/project.hpp"

namespace fairlead::config {

/// Reads a custom CA file and returns its text. Fails with bad_configuration when it is missing, not a
/// regular file, unreadable, writable by others than its owner, above 1 MiB, holds a private key, or is not
/// one or more PEM certificates. Any thread.
base::Result<std::string> read_custom_ca(const std::string& path);

/// Checks every custom_ca_cert of a project, also one that nobody uses yet; reports at the place of the key.
void check_files(const Project& project, Diagnostics& diagnostics);

}  // namespace fairlead::config

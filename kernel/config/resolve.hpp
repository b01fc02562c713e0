/// Resolution: from a project file as read to what each participant gets, with origins and warnings.
/// Used by explain, check and provision.
#pragma once
#include <string>

#include "base/result.hpp"
#include "config/model.hpp"
#include "config/overrides.hpp"

namespace fairlead::config {

struct Project;

/// What resolution takes from the machine instead of from the file.
struct ResolveOptions {
  std::string listen_host = "::";  ///< host of listeners that name none
};

/// Built-in default < project < participant. Cannot fail: `project` has been checked by the reader.
ResolvedProject resolve(const Project& project, const ResolveOptions& options = {});

/// The absolute path of a file named in the file `beside`; relative names start from its directory.
std::string absolute_beside(const std::string& beside, const std::string& path);

/// "::" where this machine speaks IPv6, else "0.0.0.0".
std::string default_listen_host();

/// Reads and resolves a project file. Fails with bad_configuration; the text says how many more errors there
/// are and `origin` is the FILE:LINE:COL of the first. Opens no other file. Any thread.
base::Result<ResolvedProject> load_project(const std::string& path);

}  // namespace fairlead::config

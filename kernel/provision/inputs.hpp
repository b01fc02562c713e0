/// Checks and reads what provision takes besides the project: names as directories, custom CA files, plugins.
#pragma once
#include <string>
#include <vector>

#include "base/result.hpp"
#include "kit/settings.hpp"
#include "provision/provision.hpp"

namespace fairlead::provision {

/// Every name must be usable as a directory and belong to one participant without regard to letter case.
/// bad_configuration otherwise.
base::Status check_names(const config::ResolvedProject& project);

/// The PEM text for the kit of a participant that connects; empty when it has no custom_ca_cert. Fails with
/// bad_configuration unless the file exists, is its owner's alone to write, parses as certificates and holds
/// no private key.
base::Result<std::string> custom_ca_of(const config::ResolvedParticipant& participant);

/// The allow list of every kit. Fails with bad_configuration when a plugin's file cannot be read.
base::Result<std::vector<kit::AllowedPlugin>> allowed_plugins(const std::vector<PluginToAllow>& plugins);

}  // namespace fairlead::provision

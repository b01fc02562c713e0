/// The privacy resources of a site: what its owner lays down about data that leaves it, for the application
/// to keep to. Read by node, which hands it to the application as it stands.
#pragma once
#include <string>

#include "base/result.hpp"
#include "kit/kit.hpp"

namespace fairlead::kit {

/// KIT/local/privacy.json.
inline constexpr const char* kPrivacyFile = "privacy.json";

/// The text of KIT/local/privacy.json, a JSON object of at most 1 MiB. Empty when there is no such file, and
/// always for a project with secure_train: false, where privacy resources are left out. Fails with
/// bad_configuration: kit_privacy when it is no JSON object, or what Folder says (links, files that others
/// may write). Any thread.
base::Result<std::string> read_privacy(const Kit& kit);

}  // namespace fairlead::kit

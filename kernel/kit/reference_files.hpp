/// Which startup kits are of the reference, and which of those cannot be used here. For Kit.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/names.hpp"
#include "base/result.hpp"

namespace fairlead::kit {

/// A kit of the reference: whose it is, and the file in startup/ that says so.
struct ReferenceKit {
  base::ParticipantType type = base::ParticipantType::client;
  const char* settings_file = nullptr;  ///< "fed_server.json", "fed_client.json" or "fed_admin.json"
  int64_t format = 0;                   ///< the format_version of that file that is read
};

/// Looks at the names in startup/, sorted, and for a kit of the reference at the other folders. Nothing for a
/// kit of our own, which has at least one of manifest.json, manifest.sig and fairlead.json, and for what is
/// no kit. Fails with kit_not_supported for kits of relays and behind relays and for kits that the reference
/// signed, with kit_mixed for two kits in one folder and where a signed kit ran before: whoever can change
/// startup/ must not get rid of its signature by putting an unsigned kit there. Any thread.
base::Result<std::optional<ReferenceKit>> find_reference_kit(const std::filesystem::path& kit,
                                                             const std::vector<std::string>& startup_names);

/// The names in KIT/local that mean something to the reference only, sorted.
std::vector<std::string> ignored_local_files(const std::filesystem::path& kit);

}  // namespace fairlead::kit

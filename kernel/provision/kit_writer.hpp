/// Writes one kit: startup/ with its signed manifest, local/ with samples, transfer/.
#pragma once
#include <filesystem>

#include "provision/curve.hpp"
#include "provision/issue.hpp"

namespace fairlead::provision {

/// Makes `kit` (which must not exist) with everything in it, fsynced. The manifest is signed by the
/// authority's key.
base::Status write_kit(const std::filesystem::path& kit, const PlannedKit& planned,
                       const KitCredentials& credentials, const KitCurve& curve, const Authority& authority,
                       const std::vector<kit::AllowedPlugin>& plugins, const std::string& kit_id,
                       uint64_t kit_version);

}  // namespace fairlead::provision

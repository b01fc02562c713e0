/// Packing: a kit as one zip archive, to be carried to its site. Used by `fairlead kit pack`.
#pragma once
#include <filesystem>

#include "base/result.hpp"
#include "kit/kit.hpp"

namespace fairlead::kit {

/// What was packed.
struct Packed {
  size_t files = 0;
  size_t private_keys = 0;  ///< above zero: whoever has the archive can act as the participant
};

/// Writes startup/, delegation/ and everything in local/ of a verified kit to the new archive `zip`, mode
/// 0600; never state/ or transfer/. Equal kits give equal bytes. Fails with what write_archive() says
/// (refused, file_exists, when `zip` is there; bad_configuration for a name or a size that archives cannot
/// have), and with a reason of Kit::open for a file that cannot be read or that others may write. Thread
/// rule: any; the kit must not be changed meanwhile.
base::Result<Packed> pack_kit(const Kit& kit, const std::filesystem::path& zip);

}  // namespace fairlead::kit

/// Installing: a kit from a zip archive, verified as a whole before it gets its place. Used by
/// `fairlead kit install`.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "kit/kit.hpp"

namespace fairlead::kit {

/// What is to be installed where.
struct InstallOrder {
  std::filesystem::path zip;
  std::filesystem::path folder;  ///< empty: ./PARTICIPANT
  std::string root_sha256;       ///< lower-case hex that the project's root must have; empty: any root
};

/// What installing changed.
enum class InstallChange { installed, upgraded, nothing };
const char* name(InstallChange change) noexcept;  ///< "installed", "upgraded", "nothing"

struct Installed {
  InstallChange change = InstallChange::installed;
  Kit kit;                            ///< as it stands in its place
  std::vector<std::string> left_out;  ///< paths of the archive that no site takes from another: state, spools
};

/// Unpacks a kit (of `fairlead kit pack`, or any zip of a kit's folder, with or without that folder's name in
/// front) beside its place, with the modes that kits have whatever the archive says, verifies all of it by
/// Kit::open and renames it. Where an older version of the same kit is, startup/ is exchanged in one step
/// and the site's local/, state/ and transfer/ stay; the same version again changes nothing. A crash leaves
/// the old or the new, and maybe a folder .fairlead-install.*. Two at once: one of them wins, never an older
/// version. Fails with what read_archive() and Kit::open() say (origin ZIP:1:1), and with kit_wrong_root (not
/// the fingerprint asked for), kit_older_version, kit_extra_file (something no kit has), kit_missing_file (no
/// kit inside), kit_mixed (several kits inside, or another kit is in the place), refused with file_exists
/// (something else is there), failed (cannot be written). Thread rule: any.
base::Result<Installed> install_kit(const InstallOrder& order);

/// A SHA-256 as people write it: 64 hex digits in any case, colons between bytes or not. Gives lower-case
/// hex. bad_arguments.
base::Result<std::string> parse_fingerprint(std::string_view text);

}  // namespace fairlead::kit

/// fed_server.json, fed_client.json and fed_admin.json: what a kit of the reference says about its
/// participant, in the kernel's own types. For the opener of such kits.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "crypto/certificate.hpp"
#include "kit/reference_files.hpp"
#include "kit/stored_settings.hpp"

namespace fairlead::kit {

/// What stands in the file, and what it leads to.
struct ReferenceSettings {
  ReadSettings read;                 ///< lacks what the certificate adds: see add_certificate()
  std::vector<std::string> ignored;  ///< members of the file that mean nothing here
  std::string scheme;                ///< as written; empty: it was tcp already
};

/// Reads the file's tree. Every field that is used or could weaken something is checked, and all that are
/// wrong are named in one error: kit_bad_settings at `file`. The server's host and the ports of its listeners
/// are this machine's and the file's.
base::Result<ReferenceSettings> read_reference_settings(const ReferenceKit& kit, const base::Json& tree,
                                                        const std::filesystem::path& file);

/// Adds what only the participant's certificate says: organization, role, host names. Fails with
/// kit_wrong_identity at `file` when by this certificate others would take the participant for one of another
/// type: an administrator without a known role, somebody else with one, a client of the server's name.
base::Status add_certificate(ReadSettings& read, const crypto::Certificate& leaf,
                             const std::filesystem::path& file);

}  // namespace fairlead::kit

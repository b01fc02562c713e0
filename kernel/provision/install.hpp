/// Installs what an admin or an issuing CA answered, at the site: the kit without keys, or a certificate,
/// meets the key that stayed. Used by the commands.
#pragma once
#include <filesystem>
#include <string>

#include "kit/kit.hpp"

namespace fairlead::provision {

struct InstallOrder {
  std::filesystem::path approval;  ///< archive of `cert approve`, or a folder with a kit without keys
  /// With KIT/request, or a kit whose keys go on. Empty: the folder that has the participant's name.
  std::filesystem::path kit;
  std::string root_sha256;  ///< fingerprint of the project's root: 64 hex digits, colons allowed
};

/// Makes KIT/startup of the approval and of the keys in KIT/request (or, for an approval of the present key,
/// in KIT/startup), and KIT/local when there is none. Everything is verified as by Kit::open() before it gets
/// its place, in one step; then KIT/request goes. Gives the kit as it is now. Fails with bad_arguments
/// (fingerprint), and refused with reason wrong_root (another project's root, or a forged one),
/// approval_malformed, approval_other_key (of another request: its certificate is for no key here),
/// approval_wrong_name (another participant, type or project than was asked for); what read_archive(),
/// Kit::open() and Folder say; failed. A failure leaves KIT as it was. Thread rule: any, one at a time for a
/// kit.
base::Result<kit::Kit> install_approval(const InstallOrder& order);
/// The same for an archive that is in memory and for the root that the kit has already.
base::Result<kit::Kit> install_approval(base::ByteView archive, const kit::Kit& present);

/// Puts `chain_pem` (leaf first) with the key of KIT/request into the place of the present certificate and
/// key, both in one step. Errors as above.
base::Result<kit::Kit> install_certificate(const std::string& chain_pem, const kit::Kit& present);

}  // namespace fairlead::provision

/// The admin's half of distributed provisioning: a site's request becomes a kit without keys. Everything in
/// it comes from the project; of the request only the public keys are taken.
#pragma once
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "provision/provision.hpp"
#include "provision/request.hpp"

namespace fairlead::provision {

/// What to do when the participant has a certificate for another key already.
enum class OtherKey { refused, replaced };

struct ApproveOptions {
  std::filesystem::path request;    ///< archive of the site
  std::filesystem::path workspace;  ///< as given to provision
  std::filesystem::path output;     ///< archive for the site; must not be there
  OtherKey other_key = OtherKey::refused;
  std::optional<std::chrono::days> days;  ///< life of the certificate, 1 to 3650
  PassphraseSource passphrase;
};

struct Approval {
  Subject subject;
  std::filesystem::path kit;  ///< in the workspace, without keys
  std::string root_sha256;    ///< what the site compares
  base::WallTime expires{};
  bool issued = false;  ///< false: this very request had been approved; the same kit was packed again
  std::vector<std::string> warnings;
};

/// Issues what the request asks for, as the project of the last provision run has it, notes it in the ledger,
/// makes prod_NN/NAME and packs it. A renewal, for which the present key vouches, may bring a new key. Fails
/// with refused and reason request_wrong_project (none of that name here), request_unknown_name,
/// request_wrong_type, request_other_key (approved for another key, and not to be replaced),
/// file_exists, workspace_locked; what read_request(), read_project_copy() and open_authority() say; failed.
/// A failure leaves the workspace as it was. Thread rule: any, one run per workspace.
base::Result<Approval> approve(const ApproveOptions& options, const base::Clock& clock, base::Random& random);

}  // namespace fairlead::provision

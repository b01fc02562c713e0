/// Plan: compares a project with the workspace and says which kits are new, changed or kept. Needs no root
/// key.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "kit/kit.hpp"
#include "provision/provision.hpp"
#include "provision/workspace.hpp"

namespace fairlead::provision {

struct Request;

/// One participant's kit: what it shall be, and what earlier runs made of it.
struct PlannedKit {
  const config::ResolvedParticipant* participant = nullptr;
  base::Json settings;            ///< fairlead.json to write
  std::string custom_ca_pem;      ///< empty: none
  std::optional<kit::Kit> prior;  ///< the current kit; keys are carried over from it
  KitChange change = KitChange::created;
  std::string why;              ///< changed kits: what differs
  bool new_certificate = true;  ///< false: the prior kit's certificates stay
  bool new_keys = false;        ///< the prior ones must never be used again
  /// The site's own keys, when this kit answers a request; outlives the plan. Null: the prior kit's go on.
  const Request* request = nullptr;
};

struct Plan {
  std::vector<PlannedKit> kits;  ///< in the order of the project
  std::vector<kit::AllowedPlugin> plugins;
  std::vector<std::string> warnings;
  unsigned release = 0;  ///< number of the prod_NN to make
  size_t to_write() const noexcept;
};

/// The kit at `path` as earlier runs made it; nothing when it is of another type. bad_configuration when it
/// does not verify, or not under `root` (reason kit_wrong_root).
base::Result<std::optional<kit::Kit>> open_prior(const std::filesystem::path& path,
                                                 const crypto::Certificate* root, const std::string& name,
                                                 base::ParticipantType type);

/// Fails with bad_configuration on names that cannot be directories, on a custom CA that cannot be used, on
/// a current kit that does not verify and on a damaged ledger. `root` is the project's root when there is one
/// already.
base::Result<Plan> make_plan(const config::ResolvedProject& project, const ProvisionOptions& options,
                             const Workspace& workspace, const crypto::Certificate* root, base::WallTime now);

}  // namespace fairlead::provision

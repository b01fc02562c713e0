/// The project as the last run of provision took it, kept in the workspace with everything that a kit is made
/// of, so that a request can be approved long after and without the project file.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "provision/plan.hpp"

namespace fairlead::provision {

/// One participant of the copy.
struct CopiedParticipant {
  config::ResolvedParticipant participant;
  base::Json settings;        ///< fairlead.json to write
  std::string custom_ca_pem;  ///< empty: none
};

struct ProjectCopy {
  std::vector<CopiedParticipant> participants;
  std::vector<kit::AllowedPlugin> plugins;
  /// Null when there is none of exactly that name.
  const CopiedParticipant* find(const std::string& name) const noexcept;
};

/// Writes STATE/project.json as a whole, unless it says the same already. failed.
base::Status keep_project_copy(const std::filesystem::path& state, const Plan& plan);
/// Fails with bad_configuration, reason project_copy, when there is none or it cannot be read.
base::Result<ProjectCopy> read_project_copy(const std::filesystem::path& state);

}  // namespace fairlead::provision

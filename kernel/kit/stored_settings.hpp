/// fairlead.json: a participant's resolved settings with their origins, written by provision and read by Kit.
#pragma once
#include "base/json.hpp"
#include "base/result.hpp"
#include "config/model.hpp"
#include "kit/settings.hpp"

namespace fairlead::kit {

/// What fairlead.json of this participant says. Without positions two equal configurations give equal texts,
/// however the project file is laid out.
base::Json stored_settings(const config::ResolvedProject& project,
                           const config::ResolvedParticipant& participant);
/// The same tree without positions.
base::Json without_positions(const base::Json& stored);

/// Both readings of one fairlead.json. KitSettings lacks what the manifest adds: plugins, kit id and version.
struct ReadSettings {
  KitSettings settings;
  config::ResolvedParticipant participant;
};
/// Fails with bad_configuration and the member that is missing or wrong; origin and reason are the caller's
/// to add.
base::Result<ReadSettings> read_stored_settings(const base::Json& stored);

}  // namespace fairlead::kit

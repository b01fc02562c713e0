#include "kit/site_settings.hpp"

#include "config/check.hpp"
#include "kit/manifest.hpp"

namespace fairlead::kit {

base::Result<SiteSettings> site_settings(const Kit& kit,
                                         const std::map<std::string, std::string>& environment,
                                         const std::vector<std::string>& set) {
  SiteSettings settings;
  settings.participant = resolved_participant(kit);
  FAIRLEAD_TRY(settings.overrides,
               config::read_local_overrides((kit.path() / "local" / "fairlead.yml").string()));
  for (config::Override& one : config::environment_overrides(environment))
    settings.overrides.push_back(std::move(one));
  FAIRLEAD_TRY(config::Overrides command_line, config::command_line_overrides(set));
  for (config::Override& one : command_line) settings.overrides.push_back(std::move(one));
  FAIRLEAD_TRY(check_overrides(kit, settings.overrides));
  FAIRLEAD_TRY(settings.notes, config::apply_overrides(settings.participant, settings.overrides));
  return settings;
}

base::Status check_overrides(const Kit& kit, const config::Overrides& overrides) {
  if (!resolved_participant(kit).custom_ca_cert) return {};
  for (const config::Override& one : overrides) {
    if (one.key != "custom_ca_cert") continue;
    return tl::unexpected<base::Error>(
        base::Error{base::ErrorCode::bad_configuration,
                    "custom_ca_cert: the kit has a " + std::string(kCustomCaFile) + " of its own",
                    kit.is_signed() ? "remove it, or name the new file in the project and provision again"
                                    : "remove it, or put the new file in the place of the kit's",
                    one.at + ":1", "override_refused"});
  }
  return {};
}

base::Result<std::optional<std::string>> custom_ca_of(const Kit& kit,
                                                      const config::ResolvedParticipant& participant) {
  if (!participant.custom_ca_used) return std::nullopt;
  if (kit.custom_ca_pem()) return kit.custom_ca_pem();
  auto pem = config::read_custom_ca(participant.custom_ca_file);
  if (pem) return std::move(*pem);
  base::Error error = std::move(pem).error();
  error.text = "custom_ca_cert: " + error.text;
  if (participant.custom_ca_cert) error.origin = participant.custom_ca_cert->at + ":1";
  return tl::unexpected<base::Error>(std::move(error));
}

}  // namespace fairlead::kit

/// What the site's own local/fairlead.yml may lay over its kit, beyond what holds for every participant. For
/// node and the commands.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/overrides.hpp"
#include "kit/kit.hpp"

namespace fairlead::kit {

/// A kit's participant as it stands at this site.
struct SiteSettings {
  config::ResolvedParticipant participant;
  config::Overrides overrides;      ///< what was laid over it, weakest first
  std::vector<config::Note> notes;  ///< what the overrides give cause to say
};

/// Lays local/fairlead.yml, the environment and the arguments of --set over the kit, in that order. Fails
/// with bad_configuration or bad_arguments, with the place of what is wrong. Any thread.
base::Result<SiteSettings> site_settings(const Kit& kit,
                                         const std::map<std::string, std::string>& environment,
                                         const std::vector<std::string>& set);

/// May these overrides be laid over this kit? A custom_ca_cert only over a kit without a customRootCA.pem: it
/// never takes the place of what the kit says. Else bad_configuration at the override's place, reason
/// override_refused. Any thread.
base::Status check_overrides(const Kit& kit, const config::Overrides& overrides);

/// PEM of the CA that the outer tls of this participant trusts in place of the project's root: the kit's own,
/// or the file that a custom_ca_cert in local/fairlead.yml names. Nothing when there is none or when it is
/// not used. Fails with bad_configuration when the file cannot be used. Any thread.
base::Result<std::optional<std::string>> custom_ca_of(const Kit& kit,
                                                      const config::ResolvedParticipant& participant);

}  // namespace fairlead::kit

#include "app/resolved_kit.hpp"

#include "app/process.hpp"
#include "kit/site_settings.hpp"

namespace fairlead::app {

base::Result<config::ResolvedProject> resolve_kit(const kit::Kit& opened) {
  FAIRLEAD_TRY(kit::SiteSettings settings, kit::site_settings(opened, environment(), {}));
  config::ResolvedProject project;
  project.name = opened.settings().project;
  project.secure_train.value = opened.settings().secure_train;
  project.participants.push_back(std::move(settings.participant));
  project.notes = opened.notes();
  project.notes.insert(project.notes.end(), settings.notes.begin(), settings.notes.end());
  return project;
}

base::Result<config::ResolvedProject> resolve_kit(const std::string& path) {
  FAIRLEAD_TRY(const kit::Kit opened, kit::Kit::open(path, kit::VersionMemory::only_check));
  return resolve_kit(opened);
}

}  // namespace fairlead::app

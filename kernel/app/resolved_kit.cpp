#include "app/resolved_kit.hpp"

#include "app/process.hpp"
#include "config/overrides.hpp"
#include "kit/site_settings.hpp"

namespace fairlead::app {

base::Result<config::ResolvedProject> resolve_kit(const kit::Kit& opened) {
  const std::string local = (opened.path() / "local" / "fairlead.yml").string();
  FAIRLEAD_TRY(config::Overrides overrides, config::read_local_overrides(local));
  for (config::Override& one : config::environment_overrides(environment()))
    overrides.push_back(std::move(one));
  FAIRLEAD_TRY(kit::check_overrides(opened, overrides));
  config::ResolvedProject project;
  project.name = opened.settings().project;
  project.secure_train.value = opened.settings().secure_train;
  project.participants.push_back(kit::resolved_participant(opened));
  FAIRLEAD_TRY(const auto notes, config::apply_overrides(project.participants.front(), overrides));
  project.notes = opened.notes();
  project.notes.insert(project.notes.end(), notes.begin(), notes.end());
  return project;
}

base::Result<config::ResolvedProject> resolve_kit(const std::string& path) {
  FAIRLEAD_TRY(const kit::Kit opened, kit::Kit::open(path, kit::VersionMemory::only_check));
  return resolve_kit(opened);
}

}  // namespace fairlead::app

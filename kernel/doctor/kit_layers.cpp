#include "doctor/kit_layers.hpp"

#include <filesystem>

namespace fairlead::doctor {
namespace {

constexpr const char* kManifest = "manifest";
constexpr const char* kConfiguration = "configuration";

/// The file that an error's origin names; the kit when it names none.
std::string place_of(const base::Error& error, const std::filesystem::path& kit) {
  return error.origin.empty() ? kit.string() : error.origin;
}

base::Result<config::Overrides> gather_overrides(const node::Settings& settings) {
  FAIRLEAD_TRY(config::Overrides all,
               config::read_local_overrides((settings.kit / "local" / "fairlead.yml").string()));
  for (config::Override& one : config::environment_overrides(settings.environment))
    all.push_back(std::move(one));
  FAIRLEAD_TRY(const config::Overrides command_line, config::command_line_overrides(settings.set));
  all.insert(all.end(), command_line.begin(), command_line.end());
  return all;
}

std::string override_text(const config::Overrides& overrides) {
  std::string text;
  for (const config::Override& one : overrides)
    text += (text.empty() ? "" : ", ") + one.key + "=" + one.value + " (" + one.at + ")";
  return text;
}

}  // namespace

Rows manifest_layer(Patient& patient) {
  const std::filesystem::path& path = patient.settings.kit;
  auto opened = kit::Kit::open(path, kit::VersionMemory::only_check);
  if (!opened) return {failed(opened.error(), kManifest, place_of(opened.error(), path))};
  patient.kit.emplace(std::move(*opened));
  const kit::KitSettings& kit = patient.kit->settings();
  const std::string delegated = patient.kit->delegation() == nullptr
                                    ? ""
                                    : ", delegated to " + patient.kit->delegation()->content.endpoint;
  return {ok(kManifest, path.string(),
             "signature and files good: " + std::string(base::name(kit.type)) + " " + kit.name + " of " +
                 kit.project + ", version " + std::to_string(kit.kit_version) + delegated)};
}

Rows judge_configuration(const ConfigurationFacts& facts) {
  Rows rows;
  for (const config::Note& note : facts.notes)
    rows.push_back(warning(kConfiguration, facts.target, note.text, "take the setting back if you can"));
  if (facts.security == base::ConnectionSecurity::clear && !facts.secure_train)
    rows.push_back(warning(kConfiguration, facts.target, "the project has secure_train: false",
                           "use such a project for simulation only"));
  std::string detail = std::string("connection_security ") + base::name(facts.security) +
                       ", message_security " + base::name(facts.messages);
  const std::string overrides = override_text(facts.overrides);
  detail += overrides.empty() ? ", nothing overridden" : "; overridden: " + overrides;
  rows.insert(rows.begin(), ok(kConfiguration, facts.target, std::move(detail)));
  return rows;
}

Rows configuration_layer(Patient& patient) {
  const std::filesystem::path& path = patient.settings.kit;
  auto overrides = gather_overrides(patient.settings);
  if (!overrides) return {failed(overrides.error(), kConfiguration, place_of(overrides.error(), path))};
  config::ResolvedParticipant participant = kit::resolved_participant(*patient.kit);
  auto notes = config::apply_overrides(participant, *overrides);
  if (!notes) return {failed(notes.error(), kConfiguration, place_of(notes.error(), path))};
  patient.overrides = *overrides;
  patient.participant = std::move(participant);
  return judge_configuration({.target = patient.participant->name,
                              .security = patient.link_security(),
                              .messages = patient.participant->message_security.value,
                              .secure_train = patient.kit->settings().secure_train,
                              .overrides = std::move(*overrides),
                              .notes = std::move(*notes)});
}

}  // namespace fairlead::doctor

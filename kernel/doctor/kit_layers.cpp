#include "doctor/kit_layers.hpp"

#include <filesystem>

#include "kit/site_settings.hpp"
#include "node/configured.hpp"

namespace fairlead::doctor {
namespace {

constexpr const char* kManifest = "manifest";
constexpr const char* kConfiguration = "configuration";

/// The file that an error's origin names; the kit when it names none.
std::string place_of(const base::Error& error, const std::filesystem::path& kit) {
  return error.origin.empty() ? kit.string() : error.origin;
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
  auto site = kit::site_settings(*patient.kit, patient.settings.environment, patient.settings.set);
  if (!site) return {failed(site.error(), kConfiguration, place_of(site.error(), path))};
  auto custom_ca = kit::custom_ca_of(*patient.kit, site->participant);
  if (!custom_ca) return {failed(custom_ca.error(), kConfiguration, place_of(custom_ca.error(), path))};
  auto proxy = node::proxy_of(*patient.kit, site->participant);
  if (!proxy) return {failed(proxy.error(), kConfiguration, place_of(proxy.error(), path))};
  patient.overrides = site->overrides;
  patient.participant = std::move(site->participant);
  patient.custom_ca_pem = std::move(*custom_ca);
  patient.proxy = std::move(*proxy);
  return judge_configuration({.target = patient.participant->name,
                              .security = patient.link_security(),
                              .messages = patient.participant->message_security.value,
                              .secure_train = patient.kit->settings().secure_train,
                              .overrides = std::move(site->overrides),
                              .notes = std::move(site->notes)});
}

}  // namespace fairlead::doctor

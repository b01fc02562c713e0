#include "provision/project_copy.hpp"

#include <algorithm>

#include "kit/durable.hpp"
#include "kit/folder.hpp"
#include "kit/stored_settings.hpp"

namespace fairlead::provision {
namespace {

namespace fs = std::filesystem;
using base::Json;

constexpr const char* kFile = "project.json";
constexpr size_t kLargestCopy = 256u << 20;

tl::unexpected<base::Error> unusable(const fs::path& file, std::string text) {
  return tl::unexpected<base::Error>(base::Error{base::ErrorCode::bad_configuration, std::move(text),
                                                 "run `fairlead provision` on the project file again",
                                                 file.string() + ":1:1", "project_copy"});
}

Json plugin_json(const kit::AllowedPlugin& plugin) {
  return Json::object({{"id", plugin.id},
                       {"abi", plugin.abi},
                       {"sha256", plugin.sha256},
                       {"trusted_link", plugin.trusted_link}});
}

Json participant_json(const PlannedKit& planned) {
  return Json::object({{"settings", planned.settings},
                       {"custom_ca_pem", planned.custom_ca_pem},
                       {"key_custody", config::name(planned.participant->key_custody.value)},
                       {"issuing_ca", planned.participant->issuing_ca.value}});
}

std::string to_text(const Plan& plan) {
  Json participants = Json::array(), plugins = Json::array();
  for (const PlannedKit& planned : plan.kits) participants.add(participant_json(planned));
  for (const kit::AllowedPlugin& plugin : plan.plugins) plugins.add(plugin_json(plugin));
  return Json::object(
             {{"format", 1}, {"participants", std::move(participants)}, {"plugins", std::move(plugins)}})
             .dump(1) +
         "\n";
}

base::Result<CopiedParticipant> read_participant(const Json& stored) {
  FAIRLEAD_TRY(kit::ReadSettings read, kit::read_stored_settings(stored["settings"]));
  CopiedParticipant copied{std::move(read.participant), stored["settings"], stored["custom_ca_pem"].text()};
  if (stored["key_custody"].text() == config::name(config::KeyCustody::site))
    copied.participant.key_custody.value = config::KeyCustody::site;
  copied.participant.issuing_ca.value = stored["issuing_ca"].boolean();
  return copied;
}

}  // namespace

const CopiedParticipant* ProjectCopy::find(const std::string& name) const noexcept {
  const auto found = std::find_if(participants.begin(), participants.end(),
                                  [&](const CopiedParticipant& one) { return one.participant.name == name; });
  return found == participants.end() ? nullptr : &*found;
}

base::Status keep_project_copy(const fs::path& state, const Plan& plan) {
  FAIRLEAD_TRY(const kit::Folder folder, kit::Folder::open(state));
  const std::string text = to_text(plan);
  const auto kept = folder.read(kFile, kLargestCopy);
  if (kept && base::as_text(kept->bytes) == text) return {};
  return kit::replace_file(state / kFile, base::as_bytes(text), kit::kKeyMode);
}

base::Result<ProjectCopy> read_project_copy(const fs::path& state) {
  const fs::path file = state / kFile;
  FAIRLEAD_TRY(const kit::Folder folder, kit::Folder::open(state));
  const auto content = folder.read(kFile, kLargestCopy);
  if (!content) return unusable(file, "there is no copy of the project: " + content.error().text);
  const auto tree = Json::parse(base::as_text(content->bytes));
  if (!tree || (*tree)["format"].integer() != 1)
    return unusable(file,
                    "this is not a copy of a project: " + (tree ? "another format" : tree.error().text));
  ProjectCopy copy;
  for (const Json& stored : (*tree)["participants"].items()) {
    auto participant = read_participant(stored);
    if (!participant) return unusable(file, "a participant cannot be read: " + participant.error().text);
    copy.participants.push_back(std::move(*participant));
  }
  for (const Json& stored : (*tree)["plugins"].items())
    copy.plugins.push_back({stored["id"].text(), static_cast<uint32_t>(stored["abi"].integer()),
                            stored["sha256"].text(), stored["trusted_link"].boolean()});
  return copy;
}

}  // namespace fairlead::provision

#include "config/project_reader.hpp"

#include <algorithm>
#include <map>

#include "base/words.hpp"
#include "config/participant_reader.hpp"
#include "config/reference_project.hpp"
#include "config/source_file.hpp"
#include "config/values.hpp"
#include "config/yaml_reader.hpp"

namespace fairlead::config {
namespace {

using base::ParticipantType;

void check_version(const MapReader& map) {
  const Node* node = map.find("api_version");
  if (node == nullptr || (node->kind == Node::Kind::scalar && !node->quoted && node->text == "3")) return;
  map.diagnostics().error(node->at, "api_version must be 3", "write api_version: 3");
}

void check_unique_names(const std::vector<Participant>& participants, Diagnostics& diagnostics) {
  std::map<std::string, const Participant*> seen;
  for (const Participant& one : participants) {
    if (one.name.value.empty()) continue;
    const auto [first, added] = seen.emplace(base::lower_case(one.name.value), &one);
    if (added) continue;
    const Participant& other = *first->second;
    diagnostics.error(one.name.at,
                      "the name \"" + one.name.value + "\" is taken by \"" + other.name.value +
                          "\" at line " + std::to_string(other.name.at.line),
                      "names differ in more than letter case");
  }
}

void check_servers(const std::vector<Participant>& participants, Position list, Diagnostics& diagnostics) {
  size_t servers = 0;
  for (const Participant& one : participants) {
    if (one.type != ParticipantType::server || ++servers < 2) continue;
    diagnostics.error(one.name.at, "a second server: a project has exactly one server today",
                      "remove it, or give the first one more host_names or listeners");
  }
  if (servers == 0) diagnostics.error(list, "no participant of type server", "add one");
}

void read_participants(const MapReader& map, Project& out) {
  const Node* list = map.find("participants");
  Diagnostics& diagnostics = map.diagnostics();
  if (list == nullptr) return;
  if (list->kind != Node::Kind::list || list->items.empty())
    return diagnostics.error(list->at, "expected a list of participants with at least one server");
  bool complete = true;
  for (const Node& item : list->items) {
    auto one = read_participant(item, out.ignored, diagnostics);
    complete = complete && one.has_value();
    if (one) out.participants.push_back(std::move(*one));
  }
  check_unique_names(out.participants, diagnostics);
  if (complete) check_servers(out.participants, list->at, diagnostics);
}

/// A name of a rule that is neither a participant, a type nor "*" can never match: surely a mistake.
void check_policy_names(const Node& policy, const Project& project, Diagnostics& diagnostics) {
  const auto known = [&](const std::string& name) {
    if (name == "*" || base::parse_participant_type(name)) return true;
    return std::any_of(project.participants.begin(), project.participants.end(),
                       [&](const Participant& one) { return one.name.value == name; });
  };
  for (const Node& rule : policy.items)
    for (const char* key : {"from", "to"})
      if (const Node* node = rule.find(key); node != nullptr && !node->text.empty() && !known(node->text))
        diagnostics.error(node->at, "\"" + node->text + "\" is no participant of this project",
                          "use a participant's name, a type or \"*\"");
}

/// Lists of the issuing CA would be missing under strict rules, and its key is made with the server's kit.
void check_issuing_ca(const Project& project, Diagnostics& diagnostics) {
  for (const Participant& one : project.participants) {
    if (!one.issuing_ca || !one.issuing_ca->value) continue;
    if (one.key_custody && one.key_custody->value == KeyCustody::site)
      diagnostics.error(one.issuing_ca->at, "issuing_ca needs a server whose key the project makes",
                        "leave out key_custody: site, or issuing_ca");
    if (project.crl && project.crl->value == CrlMode::strict)
      diagnostics.error(one.issuing_ca->at,
                        "issuing_ca does not go with crl: strict: nobody makes lists of the issuing CA",
                        "use crl: lenient, or leave out issuing_ca");
  }
}

void sort_unique(std::vector<std::string>& words) {
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
}

Project read_root(const Node& root, Diagnostics& diagnostics) {
  Project out;
  const MapReader map(root, {}, kProject, diagnostics);
  check_version(map);
  out.file = diagnostics.file();
  out.name = map.read("name", read_plain_name).value_or("");
  out.description = map.read("description", read_description).value_or("");
  out.secure_train = map.given("secure_train", read_boolean);
  out.crl = map.given("crl", read_crl);
  out.policy = map.given("policy", read_policy);
  out.keys = read_shared_keys(map);
  out.ignored = map.ignored();
  read_participants(map, out);
  if (const Node* policy = map.find("policy")) check_policy_names(*policy, out, diagnostics);
  refuse_unsupported_builders(root, diagnostics);
  out.legacy_schemes = legacy_schemes_in(root);
  check_issuing_ca(out, diagnostics);
  sort_unique(out.ignored);
  return out;
}

}  // namespace

ProjectReading read_project_text(std::string file, std::string text) {
  ProjectReading reading{Diagnostics(std::move(file), std::move(text)), std::nullopt};
  if (reading.diagnostics.source().size() > kMostSourceBytes) {
    reading.diagnostics.error({}, "the text is larger than 256 KiB", "split the project");
  } else if (const auto root = parse_yaml(reading.diagnostics)) {
    Project project = read_root(*root, reading.diagnostics);
    if (reading.diagnostics.ok()) reading.project = std::move(project);
  }
  return reading;
}

ProjectReading read_project(const std::string& path) {
  auto file = read_file(path, kMostSourceBytes);
  if (file) return read_project_text(path, std::move(file->text));
  ProjectReading reading{Diagnostics(path), std::nullopt};
  reading.diagnostics.error({}, file.error());
  return reading;
}

}  // namespace fairlead::config

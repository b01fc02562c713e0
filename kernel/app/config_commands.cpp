#include "app/config_commands.hpp"

#include <unistd.h>

#include <filesystem>
#include <ostream>
#include <vector>

#include "app/checked_project.hpp"
#include "app/output.hpp"
#include "base/json.hpp"
#include "config/explain.hpp"
#include "config/nearest.hpp"
#include "config/overrides.hpp"
#include "config/project_reader.hpp"
#include "config/resolve.hpp"
#include "config/schema.hpp"
#include "kit/kit.hpp"

namespace fairlead::app {
namespace {

using base::Json;
using config::ResolvedProject;

bool is_kit(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored) &&
         std::filesystem::exists(std::filesystem::path(path) / "startup" / "manifest.json", ignored);
}

std::map<std::string, std::string> environment() {
  std::map<std::string, std::string> variables;
  for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string text(*entry);
    const size_t split = text.find('=');
    if (split != std::string::npos) variables.emplace(text.substr(0, split), text.substr(split + 1));
  }
  return variables;
}

std::string local_file(const std::string& kit) {
  return (std::filesystem::path(kit) / "local" / "fairlead.yml").string();
}

/// The participant of a verified kit under what the site lays over it: its local file and the environment.
base::Result<ResolvedProject> resolve_kit(const std::string& path) {
  FAIRLEAD_TRY(const kit::Kit opened, kit::Kit::open(path, kit::VersionMemory::only_check));
  FAIRLEAD_TRY(config::Overrides overrides, config::read_local_overrides(local_file(path)));
  for (config::Override& one : config::environment_overrides(environment()))
    overrides.push_back(std::move(one));
  ResolvedProject project;
  project.name = opened.settings().project;
  project.secure_train.value = opened.settings().secure_train;
  project.participants.push_back(kit::resolved_participant(opened));
  FAIRLEAD_TRY(project.notes, config::apply_overrides(project.participants.front(), overrides));
  return project;
}

/// An error of a kit; when its local file is to blame, everything that is wrong with that.
int report_kit(const std::string& path, const base::Error& error, const Output& output) {
  const config::LocalReading local = config::read_local(local_file(path));
  const bool is_local = !local.diagnostics.ok() && local.diagnostics.first().origin == error.origin;
  return is_local ? report(local.diagnostics, output) : report(error, output);
}

int finish_check(const std::string& path, const char* kind, const ResolvedProject& project,
                 const Output& output) {
  output.err << config::notes_text(project.notes);
  Json data = Json::object({{"path", path}, {"kind", kind}, {"project", project.name}});
  data.set("participants", uint64_t{project.participants.size()});
  data.set("notes", config::notes_json(project.notes));
  output.err << path << ": " << kind << " of " << project.name << " is fine\n";
  return succeed(std::move(data), output);
}

int finish_explain(const ResolvedProject& project, const std::string& participant, const Output& output) {
  if (!participant.empty() && project.find(participant) == nullptr) {
    std::vector<std::string_view> names;
    for (const auto& one : project.participants) names.push_back(one.name);
    const auto near = config::nearest(participant, names);
    return report(
        {base::ErrorCode::bad_arguments, "there is no participant \"" + participant + "\" in " + project.name,
         near ? "did you mean \"" + std::string(*near) + "\"?" : "leave the name out to see all"},
        output);
  }
  if (output.form == Form::text) output.out << config::explain_table(project, participant);
  output.err << config::notes_text(config::notes_about(project, participant));
  return succeed(config::explain_json(project, participant), output);
}

}  // namespace

int run_config_check(const std::string& path, bool json, std::ostream& out, std::ostream& err) {
  const Output output{out, err, json ? Form::json : Form::text};
  if (is_kit(path)) {
    const auto project = resolve_kit(path);
    return project ? finish_check(path, "kit", *project, output) : report_kit(path, project.error(), output);
  }
  const config::ProjectReading reading = read_checked_project(path);
  if (!reading.diagnostics.ok()) return report(reading.diagnostics, output);
  return finish_check(path, "project", config::resolve(*reading.project, {config::default_listen_host()}),
                      output);
}

int run_config_explain(const std::string& path, const std::string& participant, bool json, std::ostream& out,
                       std::ostream& err) {
  const Output output{out, err, json ? Form::json : Form::text};
  if (is_kit(path)) {
    const auto project = resolve_kit(path);
    return project ? finish_explain(*project, participant, output)
                   : report_kit(path, project.error(), output);
  }
  const config::ProjectReading reading = config::read_project(path);
  if (!reading.project) return report(reading.diagnostics, output);
  ResolvedProject project = config::resolve(*reading.project, {config::default_listen_host()});
  config::add_missing_file_notes(project);
  return finish_explain(project, participant, output);
}

int run_config_schema(bool json, std::ostream& out, std::ostream& err) {
  const Output output{out, err, json ? Form::json : Form::text};
  const Json schema = config::project_schema();
  if (!json) out << schema.dump(2) << std::endl;
  return succeed(schema, output);
}

}  // namespace fairlead::app

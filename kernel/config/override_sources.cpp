// Where overrides come from: the kit's local file, the environment, the command line.
#include <algorithm>
#include <filesystem>

#include "config/local_settings.hpp"
#include "config/overrides.hpp"
#include "config/source_file.hpp"
#include "config/values.hpp"
#include "config/yaml_reader.hpp"

namespace fairlead::config {
namespace {

using base::ErrorCode;
using base::fail;

bool may_come_from(std::string_view key, Place place) noexcept {
  const LocalSetting* const row = find_local_setting(key);
  return row != nullptr && (row->places & place) != 0;
}

/// Flattens the local file: nested maps become dotted keys.
class LocalReader {
 public:
  LocalReader(std::string folder, Diagnostics& diagnostics)
      : folder_(std::move(folder)), diagnostics_(diagnostics) {}

  void read(const Node& map, const std::string& prefix) {
    for (const Member& member : map.members) {
      const std::string key = prefix + member.key;
      if (member.value.kind == Node::Kind::map) {
        read(member.value, key + ".");
      } else if (member.value.kind != Node::Kind::null) {
        add(key, member);
      }
    }
  }
  Overrides take() { return std::move(found_); }

 private:
  void add(const std::string& key, const Member& member) {
    if (!may_come_from(key, kLocalFile)) {
      KeyProblem problem = explain_unknown_setting(key, kLocalFile);
      return diagnostics_.error(member.at, std::move(problem.text), std::move(problem.hint));
    }
    const bool twice =
        std::any_of(found_.begin(), found_.end(), [&](const auto& one) { return one.key == key; });
    if (twice) return diagnostics_.error(member.at, "duplicate setting \"" + key + "\"", "keep one of them");
    auto text = read_text(member.value, diagnostics_);
    if (!text) return;
    if (key == "custom_ca_cert") text = (std::filesystem::path(folder_) / *text).lexically_normal().string();
    found_.push_back({key, std::move(*text), Origin::local, diagnostics_.where(member.at)});
  }

  std::string folder_;
  Diagnostics& diagnostics_;
  Overrides found_;
};

}  // namespace

LocalReading read_local(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(std::filesystem::symlink_status(path, ignored)))
    return LocalReading{Diagnostics(path)};
  auto file = read_file(path, kMostSourceBytes);
  if (file) return read_local_text(path, std::move(file->text));
  LocalReading reading{Diagnostics(path)};
  reading.diagnostics.error({}, file.error());
  return reading;
}

LocalReading read_local_text(const std::string& file, std::string text) {
  LocalReading reading{Diagnostics(file, std::move(text))};
  const auto root = parse_optional_yaml(reading.diagnostics);
  LocalReader reader(std::filesystem::path(file).parent_path().string(), reading.diagnostics);
  if (root) reader.read(*root, "");
  reading.overrides = reader.take();
  return reading;
}

base::Result<Overrides> read_local_overrides(const std::string& path) {
  LocalReading reading = read_local(path);
  if (!reading.diagnostics.ok()) return tl::unexpected(reading.diagnostics.first());
  return std::move(reading.overrides);
}

Overrides environment_overrides(const std::map<std::string, std::string>& environment) {
  Overrides found;
  for (const LocalSetting& row : local_settings()) {
    if ((row.places & kEnvironment) == 0) continue;
    const auto variable = environment.find(environment_name(row.key));
    if (variable != environment.end())
      found.push_back({std::string(row.key), variable->second, Origin::environment, variable->first});
  }
  return found;
}

base::Result<Overrides> command_line_overrides(const std::vector<std::string>& arguments) {
  Overrides found;
  for (const std::string& argument : arguments) {
    const size_t split = argument.find('=');
    if (split == std::string::npos || split == 0)
      return fail(ErrorCode::bad_arguments, "--set \"" + argument + "\" is not KEY=VALUE",
                  "write --set listen.port=0");
    const std::string key = argument.substr(0, split);
    if (!may_come_from(key, kCommandLine)) {
      KeyProblem problem = explain_unknown_setting(key, kCommandLine);
      return fail(ErrorCode::bad_arguments, "--set: " + problem.text, std::move(problem.hint));
    }
    found.push_back({key, argument.substr(split + 1), Origin::command_line, "--set"});
  }
  return found;
}

}  // namespace fairlead::config

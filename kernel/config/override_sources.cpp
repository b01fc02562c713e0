// Where overrides come from: the kit's local file, the environment, the command line.
#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>

#include "config/nearest.hpp"
#include "config/overrides.hpp"
#include "config/source_file.hpp"
#include "config/values.hpp"
#include "config/yaml_reader.hpp"

namespace fairlead::config {
namespace {

using base::ErrorCode;
using base::fail;

/// Settings that may come from everywhere.
constexpr std::array<std::string_view, 15> kKeys{
    "listen.host",        "listen.port",        "connect_to",      "message_security",  "compact_headers",
    "log.level",          "log.format",         "connect_timeout", "handshake_timeout", "login_timeout",
    "first_byte_timeout", "heartbeat_interval", "token_lifetime",  "session_lifetime",  "memory_limit"};

bool is_known(std::string_view key) noexcept {
  return std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end();
}

/// transports.SCHEME.OPTION, no part empty.
bool is_transport_option(std::string_view key) noexcept {
  if (!key.starts_with("transports.")) return false;
  const std::string_view rest = key.substr(std::string_view("transports.").size());
  const size_t dot = rest.find('.');
  return dot != std::string_view::npos && dot > 0 && dot + 1 < rest.size();
}

std::string unknown_hint(std::string_view key) {
  if (const auto near = nearest(key, kKeys)) return "did you mean \"" + std::string(*near) + "\"?";
  std::string all;
  for (const std::string_view known : kKeys) all += (all.empty() ? "" : ", ") + std::string(known);
  return "known settings are " + all;
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
    if (!is_known(key) && key != "custom_ca_cert" && !is_transport_option(key))
      return diagnostics_.error(member.at, "unknown setting \"" + key + "\"", unknown_hint(key));
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

std::string variable_of(std::string_view key) {
  std::string variable = "FAIRLEAD_";
  for (const char c : key) {
    if (c == '.') {
      variable += "__";
    } else {
      variable += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
  }
  return variable;
}

}  // namespace

base::Result<Overrides> read_local_overrides(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(std::filesystem::symlink_status(path, ignored))) return Overrides{};
  auto file = read_file(path, kMostSourceBytes);
  if (!file) {
    file.error().origin = path + ":1:1";
    return tl::unexpected(std::move(file).error());
  }
  Diagnostics diagnostics(path, std::move(file->text));
  const auto root = parse_optional_yaml(diagnostics);
  LocalReader reader(std::filesystem::path(path).parent_path().string(), diagnostics);
  if (root) reader.read(*root, "");
  if (!diagnostics.ok()) return tl::unexpected(diagnostics.first());
  return reader.take();
}

Overrides environment_overrides(const std::map<std::string, std::string>& environment) {
  Overrides found;
  for (const std::string_view key : kKeys)
    if (const auto variable = environment.find(variable_of(key)); variable != environment.end())
      found.push_back({std::string(key), variable->second, Origin::environment, variable->first});
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
    if (!is_known(key))
      return fail(ErrorCode::bad_arguments, "--set: unknown setting \"" + key + "\"", unknown_hint(key));
    found.push_back({key, argument.substr(split + 1), Origin::command_line, "--set"});
  }
  return found;
}

}  // namespace fairlead::config

#include "app/command_tree.hpp"

#include <algorithm>
#include <sstream>

#include "app/options/command_groups.hpp"
#include "app/options/command_line_parts.hpp"
#include "config/local_settings.hpp"

namespace fairlead::app {
namespace {

OptionInfo option_info(const CLI::Option& option) {
  OptionInfo info;
  info.positional = option.get_positional();
  if (info.positional) info.names.push_back(option.get_single_name());
  for (const std::string& name : option.get_snames()) info.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) info.names.push_back("--" + name);
  if (option.get_expected_max() > 0)
    info.value = info.positional ? info.names.front() : option.get_type_name();
  info.help = option.get_description();
  info.required = option.get_required();
  info.repeated = option.get_expected_max() > 1;
  return info;
}

CommandInfo command_info(const CLI::App& app, const std::string& parent) {
  CommandInfo info;
  info.name = app.get_name();
  info.path = parent + (parent.empty() ? "" : " ") + info.name;
  info.help = app.get_description();
  for (const CLI::Option* option : app.get_options()) info.options.push_back(option_info(*option));
  for (const CLI::App* below : app.get_subcommands([](const CLI::App*) { return true; }))
    info.commands.push_back(command_info(*below, info.path));
  return info;
}

/// Keys that --set takes, each waiting for its value.
std::vector<std::string> setting_words() {
  std::vector<std::string> words;
  for (const config::LocalSetting& row : config::local_settings())
    if ((row.places & config::kCommandLine) != 0) words.push_back(std::string(row.key) + "=");
  return words;
}

bool is_one_of(const std::string& word, std::initializer_list<const char*> known) {
  return std::find(known.begin(), known.end(), word) != known.end();
}

}  // namespace

Candidates candidates_for(const OptionInfo& option) {
  using Kind = Candidates::Kind;
  const std::string& value = option.value;
  if (is_one_of(value, {"FILE", "PATH", "PROJECT", "ZIP", "FILE.so"})) return {Kind::files};
  if (is_one_of(value, {"KIT", "DIR", "FOLDER", "ADMIN_KIT"})) return {Kind::folders};
  if (value == "LEVEL") return {Kind::words, {"debug", "info", "warning", "error", "off"}};
  if (value == "FORMAT") return {Kind::words, {"text", "json"}};
  if (value == "TYPE") return {Kind::words, {"p256", "p384", "ed25519", "rsa3072"}};
  if (value == "KIND") return {Kind::words, {"client", "admin", "service", "server"}};
  if (value == "SHELL") return {Kind::words, {"bash", "zsh", "fish"}};
  if (value == "KEY=VALUE") return {Kind::words, setting_words()};
  return {};
}

CommandInfo command_tree() {
  std::istringstream nothing;
  CLI::App root;
  CommandLine line(nothing);
  add_everything(root, line);
  return command_info(root, "");
}

std::vector<const CommandInfo*> flattened(const CommandInfo& command) {
  std::vector<const CommandInfo*> all{&command};
  for (const CommandInfo& below : command.commands) {
    const auto more = flattened(below);
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

}  // namespace fairlead::app

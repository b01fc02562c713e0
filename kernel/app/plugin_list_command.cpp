#include <algorithm>
#include <filesystem>
#include <ostream>
#include <set>

#include "app/inspect_commands.hpp"
#include "app/node_options.hpp"
#include "app/plugin_commands.hpp"
#include "app/resolved_kit.hpp"
#include "kit/kit.hpp"
#include "plugin/registry.hpp"

namespace fairlead::app {
namespace {

using Allowed = std::vector<kit::AllowedPlugin>;

std::set<std::filesystem::path> plugin_files() {
  std::set<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(plugin::shipped_plugin_folder(), error))
    if (entry.path().extension() == ".so") files.insert(entry.path());
  return files;
}

bool is_trusted(const Allowed& allowed, const std::string& id) {
  return std::ranges::any_of(allowed,
                             [&](const kit::AllowedPlugin& one) { return one.id == id && one.trusted_link; });
}

/// What is known about one file; a file that is refused is listed with the reason.
base::Json describe(const plugin::LoadRequest& request, const char* named, const Allowed& allowed,
                    base::Log& log) {
  const std::filesystem::path& file = request.file;
  base::Json row = base::Json::object({{"named_by", named}});
  const auto loaded = plugin::load(request, log);
  if (!loaded.has_value())
    return row.set("file", file.string())
        .set("refused", loaded.error().reason)
        .set("message", loaded.error().line());
  const plugin::Transport& transport = **loaded;
  base::Json schemes = base::Json::array();
  for (const std::string& scheme : transport.schemes()) schemes.add(scheme);
  row.set("schemes", std::move(schemes)).set("id", transport.id()).set("version", transport.version());
  // Only plugins of this major version pass loading.
  row.set("abi", FAIRLEAD_ABI_MAJOR).set("file", file.string());
  return row.set("trusted", is_trusted(allowed, transport.id()));
}

std::vector<std::string> table_row(const base::Json& plugin) {
  if (!plugin["refused"].is_null())
    return {"-", "-", "-", "-", "-", plugin["file"].text() + ": " + plugin["message"].text()};
  std::string schemes;
  for (const base::Json& scheme : plugin["schemes"].items())
    schemes += (schemes.empty() ? "" : ",") + scheme.text();
  return {schemes,
          plugin["id"].text(),
          plugin["version"].text(),
          plugin["abi"].dump(),
          plugin["trusted"].boolean() ? "yes" : "no",
          plugin["file"].text()};
}

base::Result<base::Json> list(const std::string& kit, const CommonArguments& common) {
  FAIRLEAD_TRY(const std::unique_ptr<base::Log> log, command_log(common));
  FAIRLEAD_TRY(const NamedPlugins named, named_plugins(kit));
  base::Json plugins = base::Json::array();
  for (const auto& file : plugin_files())
    plugins.add(describe({file, {}, false}, "installation", named.allowed, *log));
  for (const auto& [scheme, one] : named.by_site)
    plugins.add(describe({one.file.value, one.sha256, false}, "site", {}, *log));
  return base::Json::object(
      {{"folder", plugin::shipped_plugin_folder().string()}, {"plugins", std::move(plugins)}});
}

}  // namespace

base::Result<NamedPlugins> named_plugins(const std::string& kit_path) {
  if (kit_path.empty()) return NamedPlugins{config::shipped_plugins(), {}};
  FAIRLEAD_TRY(const kit::Kit kit, kit::Kit::open(kit_path, kit::VersionMemory::only_check));
  FAIRLEAD_TRY(config::ResolvedProject project, resolve_kit(kit));
  return NamedPlugins{kit.settings().plugins, std::move(project.participants.front().site_plugins)};
}

int run_plugin_list(const std::string& kit, const CommonArguments& common, const Output& output) {
  base::Result<base::Json> data = list(kit, common);
  if (!data.has_value()) return report(data.error(), output);
  if (output.form == Form::text) {
    std::vector<std::vector<std::string>> rows{{"SCHEME", "ID", "VERSION", "ABI", "TRUSTED", "FILE"}};
    for (const base::Json& one : (*data)["plugins"].items()) rows.push_back(table_row(one));
    output.out << table(rows) << std::flush;
  }
  return succeed(std::move(*data), output);
}

}  // namespace fairlead::app

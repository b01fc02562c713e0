#include <ostream>

#include "app/inspect_commands.hpp"
#include "app/node_options.hpp"
#include "app/plugin_commands.hpp"
#include "base/words.hpp"
#include "plugin/registry.hpp"

namespace fairlead::app {
namespace {

using base::Json;

/// The plugin that a node with this kit would use for the scheme.
base::Result<plugin::Transport*> find(const PluginDescribeArguments& arguments, plugin::Registry& registry,
                                      base::Log& log) {
  FAIRLEAD_TRY(const NamedPlugins named, named_plugins(arguments.kit));
  if (const auto own = named.by_site.find(arguments.scheme); own != named.by_site.end()) {
    FAIRLEAD_TRY(auto loaded, plugin::load({own->second.file.value, own->second.sha256, false}, log));
    FAIRLEAD_TRY(registry.add(std::move(loaded)));
  }
  return registry.need(arguments.scheme, named.allowed, log);
}

/// Who gives the option its value.
const char* set_by(const plugin::OptionDescription& option) noexcept {
  if (option.is_from_kit) return "kit";
  return option.is_from_site ? "site" : "project";
}

Json json_of(const plugin::OptionDescription& option) {
  Json out = Json::object({{"name", option.name}, {"type", option.type}, {"help", option.help}});
  if (option.default_text) out.set("default", *option.default_text);
  if (!option.range.empty()) out.set("range", option.range);
  return out.set("required", option.is_required)
      .set("set_by", set_by(option))
      .set("deprecated", option.is_deprecated);
}

Json json_of(const plugin::Transport& transport, const plugin::Description& about) {
  Json options = Json::array(), abilities = Json::array(), schemes = Json::array();
  for (const auto& one : about.options) options.add(json_of(one));
  for (const std::string& one : about.abilities) abilities.add(one);
  for (const std::string& one : transport.schemes()) schemes.add(one);
  return Json::object({{"id", transport.id()},
                       {"version", transport.version()},
                       {"vendor", about.vendor},
                       {"license", about.license},
                       {"summary", transport.summary()},
                       {"file", transport.path()},
                       {"schemes", std::move(schemes)},
                       {"abilities", std::move(abilities)},
                       {"trusted_link", transport.is_trusted_link()},
                       {"options", std::move(options)}});
}

void print(const plugin::Transport& transport, const plugin::Description& about, std::ostream& out) {
  out << table({{"id", transport.id()},
                {"version", transport.version()},
                {"summary", transport.summary()},
                {"vendor", about.vendor},
                {"license", about.license},
                {"file", transport.path()},
                {"schemes", base::joined(transport.schemes())},
                {"abilities", base::joined(about.abilities)},
                {"trusted link", transport.is_trusted_link() ? "yes" : "no"}})
      << "\n";
  std::vector<std::vector<std::string>> rows{{"OPTION", "TYPE", "DEFAULT", "RANGE", "SET BY", "WHAT IT IS"}};
  for (const auto& one : about.options)
    rows.push_back({one.name, one.type, one.is_required ? "(required)" : one.default_text.value_or("-"),
                    one.range.empty() ? "-" : one.range, set_by(one),
                    one.is_deprecated ? "(deprecated) " + one.help : one.help});
  out << table(rows) << std::flush;
}

}  // namespace

int run_plugin_describe(const PluginDescribeArguments& arguments, const CommonArguments& common,
                        const Output& output) {
  const auto log = command_log(common);
  if (!log) return report(log.error(), output);
  plugin::Registry registry;
  const auto found = find(arguments, registry, **log);
  if (!found) return report(found.error(), output);
  const plugin::Description about = (*found)->description();
  if (output.form == Form::text) print(**found, about, output.out);
  return succeed(json_of(**found, about), output);
}

}  // namespace fairlead::app

/// `fairlead plugin list`, `describe` and `check`: the transports at hand, and whether one can be used.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "app/arguments.hpp"
#include "app/output.hpp"
#include "config/model.hpp"
#include "kit/settings.hpp"

namespace fairlead::app {

/// What a kit and its site say about plugins; without a kit what every kit says.
struct NamedPlugins {
  std::vector<kit::AllowedPlugin> allowed;
  std::map<std::string, config::SitePlugin> by_site;  ///< by scheme
};
base::Result<NamedPlugins> named_plugins(const std::string& kit);

/// The transports of the installation; with a kit also what its manifest and its site say about them.
int run_plugin_list(const std::string& kit, const CommonArguments& common, const Output& output);

struct PluginDescribeArguments {
  std::string scheme, kit;
};
/// What the plugin behind a scheme can do and which options it takes.
int run_plugin_describe(const PluginDescribeArguments& arguments, const CommonArguments& common,
                        const Output& output);

struct PluginCheckArguments {
  std::string file, setup, seed;
  std::vector<std::string> only;
};
/// The loader's refusals, then the conformance kit in place of this process: returns only when the plugin is
/// refused or the kit's program, fairlead-plugin-check, cannot be run.
int run_plugin_check(const PluginCheckArguments& arguments, const CommonArguments& common,
                     const Output& output);

}  // namespace fairlead::app

#include "app/node_options.hpp"

#include <algorithm>
#include <cstdlib>

namespace fairlead::app {
namespace {

/// The level that the options name; empty when they name none.
std::string wished_level(const CommonArguments& common) {
  if (!common.log_level.empty()) return common.log_level;
  if (common.verbose) return "debug";
  return common.quiet ? "error" : "";
}

bool settings_name_level(const NodeArguments& node) {
  return std::getenv("FAIRLEAD_LOG__LEVEL") != nullptr ||
         std::ranges::any_of(node.set, [](const std::string& one) { return one.starts_with("log.level="); });
}

}  // namespace

Options node_options(const NodeArguments& node, const CommonArguments& common, Chatter chatter) {
  Options options;
  options.app = node.as;
  options.set = node.set;
  options.log_level = wished_level(common);
  options.log_format = common.log_format;
  if (chatter == Chatter::one_shot) {
    options.persistence = Persistence::once;
    if (options.log_level.empty() && !settings_name_level(node)) options.log_level = "error";
  }
  return options;
}

base::Result<std::unique_ptr<base::Log>> command_log(const CommonArguments& common) {
  const std::string level = wished_level(common);
  FAIRLEAD_TRY(const base::LogLevel from, base::parse_log_level(level.empty() ? "info" : level));
  FAIRLEAD_TRY(const base::LogFormat as,
               base::parse_log_format(common.log_format.empty() ? "text" : common.log_format));
  return base::make_stderr_log(from, as);
}

}  // namespace fairlead::app

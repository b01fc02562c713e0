#include "node/transports.hpp"

#include <algorithm>
#include <cstdlib>

namespace fairlead::node {
namespace {

base::Result<plugin::Transport*> load_site_plugin(const std::string& scheme, const config::SitePlugin& named,
                                                  plugin::Registry& registry, base::Log& log) {
  const std::string& file = named.file.value;
  FAIRLEAD_TRY(auto loaded, plugin::load({file, named.sha256, false}, log));
  const auto& schemes = loaded->schemes();
  if (std::find(schemes.begin(), schemes.end(), scheme) == schemes.end())
    return tl::unexpected<base::Error>(
        base::Error{base::ErrorCode::bad_configuration, file + " does not serve " + scheme + "://",
                    "name the plugin that does", named.file.at + ":1", "site_plugin"});
  log.info("plugin.of_the_site", {{"scheme", scheme}, {"id", loaded->id()}, {"file", file}});
  FAIRLEAD_TRY(registry.add(std::move(loaded)));
  return registry.find(scheme);
}

base::Result<plugin::Transport*> find_transport(const std::string& scheme, const Configured& configured,
                                                plugin::Registry& registry, base::Log& log) {
  if (plugin::Transport* known = registry.find(scheme)) return known;
  const auto& own = configured.participant.site_plugins;
  const auto named = own.find(scheme);
  if (named == own.end()) return registry.need(scheme, configured.kit.settings().plugins, log);
  if (named->second.file.value.empty())
    return base::fail(base::ErrorCode::bad_configuration,
                      "local/fairlead.yml has a sha256 for " + scheme + " and no plugin",
                      "set transports." + scheme + ".plugin beside it");
  return load_site_plugin(scheme, named->second, registry, log);
}

}  // namespace

base::Result<plugin::Transport*> transport_for(const std::string& scheme, const Configured& configured,
                                               plugin::Registry& registry, base::Log& log) {
  FAIRLEAD_TRY(plugin::Transport * found, find_transport(scheme, configured, registry, log));
  const auto signed_options = configured.kit.settings().transports.find(scheme);
  if (signed_options == configured.kit.settings().transports.end()) return found;
  for (const auto& [option, text] : signed_options->second) FAIRLEAD_TRY(found->check(option, text));
  return found;
}

std::shared_ptr<plugin::Watchdog> make_watchdog(base::Milliseconds limit, base::Log& log) {
  auto watchdog = std::make_shared<plugin::Watchdog>(log, limit, [&log](const plugin::BlockedCall& call) {
    log.error("plugin.given_up",
              {{"plugin", call.plugin},
               {"in", call.call},
               {"for_ms", std::to_string(call.lasts.count())},
               {"do", "this process ends; use another transport, or set plugin_call_limit"}});
    std::_Exit(base::exit_code(base::ErrorCode::internal));
  });
  watchdog->start();
  return watchdog;
}

}  // namespace fairlead::node

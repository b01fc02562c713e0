#include "plugin/check_options.hpp"

namespace fairlead::plugin {
namespace {

void check_level(const config::GivenOptions& level, Registry& registry,
                 const std::vector<AllowedPlugin>& allowed, base::Log& log,
                 config::Diagnostics& diagnostics) {
  for (const auto& [scheme, options] : level) {
    const auto transport = registry.need(scheme, allowed, log);
    if (!transport) continue;
    for (const auto& [option, text] : options)
      if (const auto known = (*transport)->check(option, text.value); !known)
        diagnostics.error(text.at, known.error());
  }
}

}  // namespace

void check_transport_options(const config::Project& project, const std::vector<AllowedPlugin>& allowed,
                             base::Log& log, config::Diagnostics& diagnostics) {
  Registry registry;
  check_level(project.keys.transports, registry, allowed, log, diagnostics);
  for (const config::Participant& one : project.participants)
    check_level(one.keys.transports, registry, allowed, log, diagnostics);
}

}  // namespace fairlead::plugin

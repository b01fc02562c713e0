#include "node/same_node.hpp"

namespace fairlead::node {
namespace {

struct Difference {
  const char* what;
  std::string running, fresh;
};

base::Status refuse(const Configured& fresh, const Difference& difference, const char* hint) {
  base::Error error{base::ErrorCode::refused,
                    "the kit has " + std::string(difference.what) + " \"" + difference.fresh +
                        "\", this process runs with \"" + difference.running + "\"",
                    hint, fresh.kit.settings_file().string() + ":1:1", "reload_refused"};
  return tl::unexpected<base::Error>(std::move(error));
}

std::string listeners_of(const Configured& configured) {
  std::string all;
  for (const config::Listener& one : configured.participant.listeners)
    all += (all.empty() ? "" : ", ") + config::text(one) + " " +
           std::string(base::name(one.connection_security)) + " for " + config::name(one.purpose);
  return all;
}

std::string delegated(const Configured& configured) {
  const kit::Kit::Delegated* delegation = configured.kit.delegation();
  return delegation != nullptr ? delegation->content.endpoint : "";
}

/// Kits of the reference follow softer rules: a running node never takes them over.
std::string signed_by(const Configured& configured) {
  return configured.kit.is_signed() ? "of the project's root" : "none";
}

std::vector<Difference> identities(const Configured& running, const Configured& fresh) {
  const kit::KitSettings &old = running.kit.settings(), &now = fresh.kit.settings();
  return {{"project", old.project, now.project},
          {"participant", old.name, now.name},
          {"type", std::string(base::name(old.type)), std::string(base::name(now.type))},
          {"root", base::hex(running.kit.root().sha256()), base::hex(fresh.kit.root().sha256())},
          {"signature", signed_by(running), signed_by(fresh)},
          {"server", old.server_uri, now.server_uri},
          {"delegated endpoint", delegated(running), delegated(fresh)}};
}

std::string site_plugins_of(const Configured& configured) {
  std::string all;
  for (const auto& [scheme, plugin] : configured.participant.site_plugins)
    all += (all.empty() ? "" : ", ") + scheme + ": " + plugin.file.value + " " + plugin.sha256;
  return all;
}

/// What sockets and plugin instances were made for.
std::vector<Difference> ways(const Configured& running, const Configured& fresh) {
  const auto security = [](const Configured& one) {
    return std::string(base::name(one.participant.connection_security.value));
  };
  return {{"listeners", listeners_of(running), listeners_of(fresh)},
          {"scheme", running.participant.connect_to.value.scheme, fresh.participant.connect_to.value.scheme},
          {"connection_security", security(running), security(fresh)},
          {"plugin of the site", site_plugins_of(running), site_plugins_of(fresh)}};
}

}  // namespace

base::Status check_same_node(const Configured& running, const Configured& fresh) {
  for (const Difference& one : identities(running, fresh))
    if (one.running != one.fresh) return refuse(fresh, one, "put this participant's own kit back");
  for (const Difference& one : ways(running, fresh))
    if (one.running != one.fresh) return refuse(fresh, one, "restart to use it");
  return {};
}

}  // namespace fairlead::node

#include "doctor/plugin_layer.hpp"

#include <set>

#include "doctor/quiet_log.hpp"
#include "node/configured.hpp"
#include "plugin/registry.hpp"

namespace fairlead::doctor {
namespace {

constexpr const char* kComponent = "plugin";

/// One scheme and the security its link is made with.
using Wanted = std::pair<std::string, base::ConnectionSecurity>;

std::set<Wanted> wanted_by(const Patient& patient) {
  if (!patient.is_server()) return {{patient.target().scheme, patient.link_security()}};
  std::set<Wanted> wanted;
  for (const config::Listener& one : patient.participant->listeners)
    wanted.emplace(one.scheme, one.connection_security);
  return wanted;
}

plugin::LinkCredentials credentials_of(const Patient& patient, base::ConnectionSecurity security) {
  plugin::LinkCredentials credentials;
  credentials.security = security;
  credentials.ca_pem = patient.kit->root_pem();
  credentials.chain_pem = patient.kit->chain_pem();
  credentials.key_pem = &patient.kit->key_pem();
  return credentials;
}

Row with_remedy(Row row, const std::string& scheme) {
  if (row.remedy.empty())
    row.remedy = "correct transports." + scheme + " in local/fairlead.yml or in the project file";
  return row;
}

Row look_at(const Patient& patient, plugin::Registry& registry, const Wanted& wanted, base::Log& log) {
  const auto& [scheme, security] = wanted;
  const std::string target = scheme + " (" + base::name(security) + ")";
  const auto found = registry.need(scheme, patient.kit->settings().plugins, log);
  if (!found) return with_remedy(failed(found.error(), kComponent, target), scheme);
  const auto instance = (*found)->create(credentials_of(patient, security),
                                         node::transport_options(*patient.participant, scheme));
  if (!instance) return with_remedy(failed(instance.error(), kComponent, target), scheme);
  return ok(kComponent, target, (*found)->id() + " " + (*found)->version() + ", " + (*found)->path());
}

}  // namespace

Rows plugin_layer(Patient& patient) {
  QuietLog log;
  plugin::Registry registry;
  Rows rows;
  for (const Wanted& one : wanted_by(patient)) rows.push_back(look_at(patient, registry, one, log));
  return rows;
}

}  // namespace fairlead::doctor

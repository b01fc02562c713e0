#include "doctor/doctor.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "doctor/addresses.hpp"
#include "doctor/certificates.hpp"
#include "doctor/files.hpp"
#include "doctor/firewall.hpp"
#include "doctor/host_names.hpp"
#include "doctor/kit_layers.hpp"
#include "doctor/listeners.hpp"
#include "doctor/login.hpp"
#include "doctor/plugin_layer.hpp"
#include "doctor/proxy.hpp"
#include "doctor/revocation.hpp"
#include "doctor/tcp.hpp"
#include "doctor/tls.hpp"

namespace fairlead::doctor {
namespace {

/// Whose kits a layer is about. Layers for all come before the others.
enum class Whose { all, clients, servers };

/// One layer: it runs when the layers it needs have passed.
struct Layer {
  const char* component = "";
  Whose whose;
  std::vector<const char*> needs;
  Rows (*run)(Patient& patient);
};

const std::vector<Layer>& layers() {
  static const std::vector<Layer> all{
      {"files", Whose::all, {}, &files_layer},
      {"manifest", Whose::all, {"files"}, &manifest_layer},
      {"certificates", Whose::all, {"manifest"}, &certificates_layer},
      {"clock", Whose::all, {"manifest"}, &clock_layer},
      {"configuration", Whose::all, {"manifest"}, &configuration_layer},
      {"plugin", Whose::all, {"configuration"}, &plugin_layer},
      {"dns", Whose::clients, {"configuration"}, &dns_layer},
      {"tcp", Whose::clients, {"dns"}, &tcp_layer},
      {"proxy", Whose::clients, {"configuration"}, &proxy_layer},
      {"tls", Whose::clients, {"tcp", "proxy"}, &tls_layer},
      {"login", Whose::clients, {"plugin", "tls"}, &login_layer},
      {"echo", Whose::clients, {"login"}, &echo_layer},
      {"listen", Whose::servers, {"configuration"}, &listen_layer},
      {"host names", Whose::servers, {"manifest"}, &host_names_layer},
      {"revocation", Whose::servers, {"manifest"}, &revocation_layer},
  };
  return all;
}

/// An unreadable kit is nobody's: what would follow is what follows for most.
bool concerns(const Layer& layer, const Patient& patient) {
  const bool server = patient.kit && patient.is_server();
  return layer.whose == Whose::all || (layer.whose == Whose::servers) == server;
}

Row not_reached(const char* component, const char* needed) {
  return {component, "-", Status::not_reached, std::string("needs ") + needed};
}

void run_layer(const Layer& layer, Patient& patient, Report& report) {
  for (const char* needed : layer.needs) {
    if (report.passed(needed)) continue;
    return report.add({not_reached(layer.component, needed)});
  }
  report.add(layer.run(patient));
}

/// A login that failed over a clear link: what answers may not be a listener in the clear.
void look_again_at_clear(Patient& patient, Report& report) {
  const bool clear = patient.participant && !patient.is_server() &&
                     patient.link_security() == base::ConnectionSecurity::clear;
  if (!clear || patient.link || !report.passed("tls")) return;
  auto row = look_behind_clear(patient);
  if (!row) return;
  report.replace("tls", {std::move(*row)});
  report.replace("login", {not_reached("login", "tls")});
}

bool has_failed(const Report& report, std::string_view component, std::optional<base::ErrorCode> code = {}) {
  return std::ranges::any_of(report.rows(), [&](const Row& row) {
    return row.component == component && row.status == Status::failed && (!code || row.code == *code);
  });
}

bool is_network_to_blame(const Patient& patient, const Report& report) {
  if (has_failed(report, "tcp") || has_failed(report, "proxy") ||
      has_failed(report, "login", base::ErrorCode::timed_out))
    return true;
  const auto facts = tls_facts(patient);
  return has_failed(report, "tls") && facts && is_network_to_blame(*facts);
}

}  // namespace

Report examine(const node::Settings& settings, std::chrono::milliseconds patience, const base::Clock& clock) {
  Patient patient{.settings = settings, .patience = patience, .clock = clock};
  Report report;
  for (const Layer& layer : layers())
    if (concerns(layer, patient)) run_layer(layer, patient, report);
  look_again_at_clear(patient, report);
  if (patient.tls || patient.link) report.replace("clock", clock_layer(patient));
  if (is_network_to_blame(patient, report))
    report.firewall_request = firewall_request(firewall_facts(patient));
  return report;
}

}  // namespace fairlead::doctor

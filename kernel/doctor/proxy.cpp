#include "doctor/proxy.hpp"

#include <array>

namespace fairlead::doctor {
namespace {

constexpr const char* kComponent = "proxy";
constexpr std::array<const char*, 6> kVariables{"HTTPS_PROXY", "https_proxy", "ALL_PROXY",
                                                "all_proxy",   "HTTP_PROXY",  "http_proxy"};

/// Without user and password, which people put into such URLs.
std::string without_credentials(const std::string& url) {
  const size_t scheme = url.find("://");
  const size_t begin = scheme == std::string::npos ? 0 : scheme + 3;
  const size_t at = url.rfind('@');
  return at == std::string::npos || at < begin ? url : url.substr(0, begin) + url.substr(at + 1);
}

}  // namespace

std::map<std::string, std::string> proxy_variables(const std::map<std::string, std::string>& environment) {
  std::map<std::string, std::string> found;
  for (const char* name : kVariables)
    if (const auto at = environment.find(name); at != environment.end() && !at->second.empty())
      found.insert(*at);
  return found;
}

Rows judge_proxy(const ProxyFacts& facts) {
  Rows rows;
  if (facts.configured)
    rows.push_back(warning(kComponent, without_credentials(facts.configured->url),
                           "set in the project, and not used: connections go directly",
                           "ask for a direct way to the server (see the firewall request), or forward a port "
                           "of this site to it and set connect_to"));
  for (const auto& [name, value] : facts.variables) {
    const std::string target = name + "=" + without_credentials(value);
    if (facts.direct_works)
      rows.push_back(ok(kComponent, target, "set and not used: the direct way works"));
    else
      rows.push_back(warning(kComponent, target,
                             "set and not used: this machine may reach the outside by that proxy only",
                             "ask for a direct way to the server: the firewall request below says which"));
  }
  if (rows.empty()) rows.push_back(ok(kComponent, "none", "no proxy is set"));
  return rows;
}

Rows proxy_layer(Patient& patient) {
  return judge_proxy({.configured = patient.kit->settings().proxy,
                      .variables = proxy_variables(patient.settings.environment),
                      .direct_works = static_cast<bool>(patient.socket)});
}

}  // namespace fairlead::doctor

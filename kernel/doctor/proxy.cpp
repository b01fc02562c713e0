#include "doctor/proxy.hpp"

#include <array>
#include <utility>

#include "loop/loop.hpp"

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

std::string server_of(const Patient& patient) {
  return loop::text({patient.target().host, patient.target().port});
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
  const bool proxied = !facts.url.empty();
  Rows rows;
  if (proxied && !facts.reached)
    rows.push_back({kComponent, facts.url, Status::not_reached, "needs tcp"});
  else if (proxied && facts.error)
    rows.push_back(failed(*facts.error, kComponent, facts.url));
  else if (proxied)
    rows.push_back(ok(kComponent, facts.url, "connects this site to " + facts.server));
  for (const auto& [name, value] : facts.variables) {
    const std::string target = name + "=" + without_credentials(value);
    if (proxied)
      rows.push_back(ok(kComponent, target, "set and not used: the kit has a proxy of its own"));
    else if (facts.direct_works)
      rows.push_back(ok(kComponent, target, "set and not used: the direct way works"));
    else
      rows.push_back(warning(
          kComponent, target, "set and not used: this machine may reach the outside by that proxy only",
          "name it in local/fairlead.yml: proxy: http://HOST:PORT; or ask for a direct way "
          "to the server, see the firewall request below"));
  }
  if (rows.empty()) rows.push_back(ok(kComponent, "none", "no proxy is set"));
  return rows;
}

Rows proxy_layer(Patient& patient) {
  ProxyFacts facts{.variables = proxy_variables(patient.settings.environment),
                   .direct_works = static_cast<bool>(patient.socket)};
  if (!patient.proxy) return judge_proxy(facts);
  facts.url = patient.proxy->url();
  facts.server = server_of(patient);
  // What layer "tcp" opened ends at the proxy: it has shown that there is one.
  facts.reached = static_cast<bool>(std::exchange(patient.socket, {}));
  if (!facts.reached) return judge_proxy(facts);
  auto tunnel = open_tunnel(patient);
  if (tunnel)
    patient.socket = std::move(*tunnel);
  else
    facts.error = tunnel.error();
  return judge_proxy(facts);
}

base::Result<kit::Descriptor> open_tunnel(const Patient& patient) {
  const std::unique_ptr<loop::Loop> loop = loop::make_loop(patient.clock);
  base::Result<kit::Descriptor> made =
      base::fail(base::ErrorCode::timed_out,
                 "the proxy did not answer within " + std::to_string(patient.patience.count()) + " ms",
                 "try a longer --timeout; ask who runs the proxy");
  const auto limit = loop->after(patient.patience, [&] { loop->stop(); });
  const auto dialling =
      loop::dial_through(*loop, patient.proxy, server_of(patient), [&](base::Result<int> fd) {
        if (fd)
          made = kit::Descriptor(*fd);
        else
          made = tl::unexpected(fd.error());
        loop->stop();
      });
  loop->run();
  return made;
}

}  // namespace fairlead::doctor

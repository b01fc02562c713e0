#include "doctor/host_names.hpp"

#include <ifaddrs.h>
#include <netinet/in.h>

#include <algorithm>
#include <memory>

namespace fairlead::doctor {
namespace {

constexpr const char* kComponent = "host names";

struct FreeInterfaces {
  void operator()(ifaddrs* list) const noexcept { ::freeifaddrs(list); }
};

std::vector<std::string> local_addresses() {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return {};
  const std::unique_ptr<ifaddrs, FreeInterfaces> owner(list);
  std::vector<std::string> found;
  for (const ifaddrs* one = list; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr) continue;
    const int family = one->ifa_addr->sa_family;
    if (family != AF_INET && family != AF_INET6) continue;
    const auto* begin = static_cast<const uint8_t*>(static_cast<const void*>(one->ifa_addr));
    const size_t size = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    found.push_back(net_address({begin, begin + size}, family).ip);
  }
  return found;
}

bool is_here(const std::string& ip, const std::vector<std::string>& local) {
  return ip.starts_with("127.") || std::ranges::find(local, ip) != local.end();
}

}  // namespace

Row judge_host_name(const NameFacts& facts, const std::vector<std::string>& local) {
  const Row name = judge_name(facts);
  if (name.status != Status::ok)
    return warning(kComponent, facts.host, name.detail,
                   "sites connect by this name: put it into the name service, or take it out of host_names");
  for (const NetAddress& one : facts.addresses)
    if (is_here(one.ip, local)) return ok(kComponent, facts.host, "is this machine (" + one.ip + ")");
  return warning(kComponent, facts.host, "leads to " + facts.addresses.front().ip + ", not to this machine",
                 "fine behind a load balancer or an address translation; else correct the name service");
}

Rows host_names_layer(Patient& patient) {
  const std::vector<std::string> local = local_addresses();
  Rows rows;
  for (const auto& names : {patient.kit->leaf().dns_names(), patient.kit->leaf().ip_addresses()})
    for (const std::string& one : names)
      rows.push_back(judge_host_name(look_up(one, 0, patient.patience), local));
  if (rows.empty()) rows.push_back(ok(kComponent, "certificate", "carries no host name"));
  return rows;
}

}  // namespace fairlead::doctor

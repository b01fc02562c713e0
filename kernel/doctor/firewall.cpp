#include "doctor/firewall.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <climits>

#include "doctor/addresses.hpp"

namespace fairlead::doctor {
namespace {

std::string own_host() {
  std::array<char, HOST_NAME_MAX + 1> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "this machine";
}

/// The address that packets to `to` would carry: connecting a datagram socket sends nothing.
std::string address_towards(const NetAddress& to) {
  const kit::Descriptor socket(::socket(to.family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto* address = static_cast<const sockaddr*>(static_cast<const void*>(to.raw.data()));
  if (!socket || ::connect(socket.get(), address, static_cast<socklen_t>(to.raw.size())) != 0) return {};
  std::vector<uint8_t> own(sizeof(sockaddr_storage));
  socklen_t size = sizeof(sockaddr_storage);
  if (::getsockname(socket.get(), static_cast<sockaddr*>(static_cast<void*>(own.data())), &size) != 0)
    return {};
  own.resize(size);
  return net_address(std::move(own), to.family).ip;
}

std::string protocol_of(base::ConnectionSecurity security) {
  if (security == base::ConnectionSecurity::clear) return "TCP, Fairlead's own protocol (not HTTP)";
  const bool mutual = security == base::ConnectionSecurity::mtls;
  return std::string("TCP, TLS 1.2 or 1.3") + (mutual ? " with client certificates" : "") +
         ", inside it Fairlead's own protocol (not HTTP)";
}

std::string inspection_of(base::ConnectionSecurity security) {
  if (security == base::ConnectionSecurity::clear) return "none; the bytes must pass unchanged";
  return "must be off for this destination: TLS must not be decrypted, inspected or ended on the way";
}

}  // namespace

base::Json firewall_request(const FirewallFacts& facts) {
  base::Json to = base::Json::array({loop::text({facts.host, facts.port})});
  for (const std::string& one : facts.addresses)
    if (one != facts.host) to.add(loop::text({one, facts.port}));
  const std::string through = facts.through.empty() ? "" : ", through the proxy " + facts.through;
  const auto beat = std::to_string(std::chrono::ceil<std::chrono::seconds>(facts.heartbeat).count());
  return base::Json::object(
      {{"from", facts.own_host + (facts.own_address.empty() ? "" : " (" + facts.own_address + ")")},
       {"to", std::move(to)},
       {"protocol", protocol_of(facts.security)},
       {"direction", "outbound only; answers come back on the same connection"},
       {"opened_by", "the site" + through + "; the server never connects to it"},
       {"tls_inspection", inspection_of(facts.security)},
       {"lifetime", "long-lived: a connection stays open for days"},
       {"idle_timeout", "above " + beat + " s, the heartbeat interval; better 5 minutes or more"}});
}

std::string firewall_text(const base::Json& request) {
  std::string text = "Firewall request\n";
  for (const auto& [name, value] : request.members()) {
    std::string label = name;
    for (char& c : label)
      if (c == '_') c = ' ';
    std::string content = value.text();
    for (const base::Json& one : value.items()) content += (content.empty() ? "" : ", ") + one.text();
    text.append("  ").append(label).append(":");
    text.append(label.size() < 15 ? 16 - label.size() : 1, ' ').append(content).append("\n");
  }
  return text;
}

FirewallFacts firewall_facts(const Patient& patient) {
  FirewallFacts facts{.own_host = own_host(),
                      .own_address = {},
                      .host = patient.target().host,
                      .port = patient.target().port,
                      .security = patient.link_security(),
                      .heartbeat = patient.participant->timeouts.heartbeat_interval.value};
  if (patient.proxy)
    facts.through = patient.proxy->url();
  else
    for (const NetAddress& one : patient.addresses) facts.addresses.push_back(one.ip);
  if (!patient.addresses.empty()) facts.own_address = address_towards(patient.addresses.front());
  return facts;
}

}  // namespace fairlead::doctor

/// The request to paste into a ticket when the network lets a connection not through.
#pragma once
#include "doctor/patient.hpp"

namespace fairlead::doctor {

struct FirewallFacts {
  std::string own_host, own_address;  ///< of this machine; the address towards the server, may be empty
  std::string host;                   ///< of the server
  uint16_t port = 0;
  std::vector<std::string> addresses{};  ///< of the host
  base::ConnectionSecurity security = base::ConnectionSecurity::mtls;
  std::chrono::milliseconds heartbeat{};
  std::string through{};  ///< URL of the proxy that the site uses; empty: none
};

/// The members of Report::firewall_request. Pure.
base::Json firewall_request(const FirewallFacts& facts);
/// The same for people, one line a member.
std::string firewall_text(const base::Json& request);
/// What is known of this machine and the way to the server.
FirewallFacts firewall_facts(const Patient& patient);

}  // namespace fairlead::doctor

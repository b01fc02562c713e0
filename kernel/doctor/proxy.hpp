/// Layer "proxy": the way through the proxy of the configuration, and proxies of the environment, which a
/// connection does not use.
#pragma once
#include <map>

#include "doctor/patient.hpp"

namespace fairlead::doctor {

struct ProxyFacts {
  std::string url{};                               ///< of the configuration; empty: none
  std::string server{};                            ///< where it was asked to connect to, "host:port"
  std::optional<base::Error> error{};              ///< why there is no way through it
  bool reached = true;                             ///< a connection to it could be made
  std::map<std::string, std::string> variables{};  ///< HTTPS_PROXY and its like, as set
  bool direct_works = true;                        ///< a TCP connection without any proxy
};

/// The proxy variables of an environment that are set.
std::map<std::string, std::string> proxy_variables(const std::map<std::string, std::string>& environment);
/// Pure. Nothing that stands before an '@' in a URL is repeated.
Rows judge_proxy(const ProxyFacts& facts);
/// With a proxy: Patient::socket is what the proxy connected to the server afterwards, none when it did not.
Rows proxy_layer(Patient& patient);
/// A connection to the server by way of Patient::proxy, which must be there. Errors as loop::dial_through();
/// timed_out when our patience ends.
base::Result<kit::Descriptor> open_tunnel(const Patient& patient);

}  // namespace fairlead::doctor

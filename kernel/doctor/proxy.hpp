/// Layer "proxy": proxies that somebody has set, which a connection does not use.
#pragma once
#include <map>

#include "doctor/patient.hpp"

namespace fairlead::doctor {

struct ProxyFacts {
  std::optional<config::Proxy> configured{};       ///< in the project
  std::map<std::string, std::string> variables{};  ///< HTTPS_PROXY and its like, as set
  bool direct_works = true;                        ///< a TCP connection without any proxy
};

/// The proxy variables of an environment that are set.
std::map<std::string, std::string> proxy_variables(const std::map<std::string, std::string>& environment);
/// Pure. Nothing that stands before an '@' in a URL is repeated.
Rows judge_proxy(const ProxyFacts& facts);
Rows proxy_layer(Patient& patient);

}  // namespace fairlead::doctor

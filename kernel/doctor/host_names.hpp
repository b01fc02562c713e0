/// Layer "host names": does each name in a server's certificate lead to this machine?
#pragma once
#include "doctor/addresses.hpp"

namespace fairlead::doctor {

/// `local`: the addresses of this machine. A name that leads elsewhere is a warning: an address translation
/// or a load balancer in front may be meant. Pure.
Row judge_host_name(const NameFacts& facts, const std::vector<std::string>& local);
Rows host_names_layer(Patient& patient);

}  // namespace fairlead::doctor

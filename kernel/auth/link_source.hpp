/// Where a connection comes from, for limits that count by source. Any thread.
#pragma once
#include <string>

#include "auth/login.hpp"

namespace fairlead::auth {

/// The verified name when the link is mutual TLS; else the peer's address without its port, of IPv6 the /64
/// that one subscriber gets. What else a transport gives as an address counts as it is.
std::string link_source(const LoginCommon& common, const base::LinkFacts& facts);

}  // namespace fairlead::auth

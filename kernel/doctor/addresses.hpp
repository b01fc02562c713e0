/// Layer "dns": every address of a host name.
#pragma once
#include "doctor/patient.hpp"

namespace fairlead::doctor {

/// What the name service said.
struct NameFacts {
  std::string host;
  std::vector<NetAddress> addresses{};
  std::string error{};    ///< in the resolver's words; empty: it answered
  bool too_long = false;  ///< no answer within the patience
  bool literal = false;   ///< an IP address, nothing to look up
};

/// Asks the name service of this machine, at most for `patience`. Blocks.
NameFacts look_up(const std::string& host, uint16_t port, std::chrono::milliseconds patience);
/// Pure.
Row judge_name(const NameFacts& facts);
Rows dns_layer(Patient& patient);

/// The text of a socket address of either family; an IPv4 address inside an IPv6 one reads as IPv4.
NetAddress net_address(std::vector<uint8_t> raw, int family);

}  // namespace fairlead::doctor

/// The findings of layer "tls" in words. Used by its judgement only. Pure.
#pragma once
#include "doctor/tls.hpp"

namespace fairlead::doctor {

struct Finding {
  std::string detail, remedy;
};

/// "host:port", an IPv6 address in brackets.
std::string host_port(const TlsFacts& facts);
/// ", certificate of SUBJECT issued by ISSUER", empty when none was shown.
std::string shown_by(const TlsFacts& facts);
/// Does an answer look like that of a web server?
bool is_http(base::ByteView first_bytes) noexcept;

/// Is it a frame of Fairlead's, which only a listener in the clear sends?
bool is_fairlead(base::ByteView first_bytes);

Finding issuer_finding(const TlsFacts& facts, Issuer issuer);
Finding validity_finding(const TlsFacts& facts);
Finding host_finding(const TlsFacts& facts);
Finding alert_finding(const TlsFacts& facts);
Finding not_tls_finding(const TlsFacts& facts);
Finding closed_finding(const TlsFacts& facts);
Finding silent_finding(const TlsFacts& facts);

}  // namespace fairlead::doctor

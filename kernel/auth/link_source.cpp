#include "auth/link_source.hpp"

#include <arpa/inet.h>

#include "auth/peer_identity.hpp"

namespace fairlead::auth {
namespace {

constexpr size_t kNetworkSize = 8;  // of an IPv6 address, bytes

std::string without_port(const std::string& address) {
  const size_t colon = address.rfind(':');
  const std::string host = address.substr(0, colon);
  return host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2) : host;
}

}  // namespace

std::string link_source(const LoginCommon& common, const base::LinkFacts& facts) {
  if (common.configured == base::ConnectionSecurity::mtls && facts.peer_verified)
    if (const auto leaf = crypto::Certificate::from_der(facts.peer_certificate_der))
      if (const auto identity = identity_of_peer(common.anchor, common.identity, *leaf))
        return "name " + identity->name;
  if (common.configured == base::ConnectionSecurity::mtls && facts.peer_verified && !facts.key_owners.empty())
    return "name " + facts.key_owners.front();
  std::string host = without_port(facts.remote_address);
  base::ByteArray<16> bytes{};
  if (::inet_pton(AF_INET6, host.c_str(), bytes.data()) != 1) return host;
  return base::hex(base::ByteView(bytes).first(kNetworkSize)) + "/64";
}

}  // namespace fairlead::auth

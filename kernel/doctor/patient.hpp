/// Patient: the kit under examination and what the layers before have found out about it. Each layer reads
/// what it needs and adds what later ones need. Used by the layers of this room only.
#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "config/overrides.hpp"
#include "crypto/tls_probe.hpp"
#include "doctor/report.hpp"
#include "kit/descriptor.hpp"
#include "kit/kit.hpp"
#include "loop/proxy.hpp"
#include "node/client.hpp"
#include "node/settings.hpp"

namespace fairlead::doctor {

/// An IP address with its port, as the system's calls want it and as text ("192.0.2.1:80", "[::1]:80").
struct NetAddress {
  std::vector<uint8_t> raw{};  ///< a sockaddr
  int family = 0;              ///< AF_INET or AF_INET6
  std::string text{}, ip{};    ///< `ip` without port and brackets
};

struct Patient {
  const node::Settings& settings;
  std::chrono::milliseconds patience;  ///< longest wait of each step on the network
  const base::Clock& clock;

  // Filled by layers, in their order.
  std::optional<kit::Kit> kit{};
  config::Overrides overrides{};
  std::optional<config::ResolvedParticipant> participant{};  ///< with the overrides
  std::optional<std::string> custom_ca_pem{};                ///< trusted in place of the project's root
  std::shared_ptr<const loop::Proxy> proxy{};                ///< that connections go through; null: none
  std::vector<NetAddress> addresses{};                       ///< of first_hop()
  kit::Descriptor socket{};                               ///< connected to the server, or what stands for it
  std::string peer{};                                     ///< which one, as text
  std::optional<crypto::TlsSight> tls{};                  ///< what the outer TLS showed
  std::optional<node::LinkReport> link{};                 ///< after a login
  std::optional<std::chrono::microseconds> round_trip{};  ///< of a ping after the login
  std::optional<base::Error> echo_error{};                ///< why there is none

  bool is_server() const { return kit->settings().type == base::ParticipantType::server; }
  /// How the link to the server is made.
  base::ConnectionSecurity link_security() const {
    const kit::KitSettings& stored = kit->settings();
    return stored.connect_to ? stored.connect_to->connection_security : stored.connection_security;
  }
  const config::Address& target() const { return participant->connect_to.value; }
  /// Where this machine itself connects to: the proxy, else the target.
  loop::HostPort first_hop() const {
    return proxy ? proxy->at : loop::HostPort{target().host, target().port};
  }
  base::MonoTime deadline() const { return clock.mono() + patience; }
};

}  // namespace fairlead::doctor

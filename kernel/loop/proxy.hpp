/// Proxy: the outbound proxy of a participant, and dialling through it instead of directly.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "loop/dial.hpp"
#include "loop/host_port.hpp"

namespace fairlead::loop {

enum class ProxyKind { http_connect, socks5 };

/// Where the proxy is and who we are to it.
struct Proxy {
  ProxyKind kind = ProxyKind::http_connect;
  HostPort at;
  /// "user:password"; empty: none. A lone ":" means the Kerberos ticket of this process (HTTP only).
  base::Secret credentials{};

  /// From "http://HOST:PORT" or "socks5://HOST:PORT". Fails with bad_configuration for anything else, without
  /// repeating the text, and for credentials that the kind of proxy cannot carry (SOCKS5: parts of 1 to 255
  /// bytes).
  static base::Result<Proxy> make(std::string_view url, base::Secret credentials);
  /// The same URL again; never holds credentials.
  std::string url() const;
};

/// As dial(), by way of the proxy: the descriptor is what the proxy connected to `host_port`, nothing but its
/// answer was read from it. The name of the target goes to the proxy unresolved. Environment variables and
/// .netrc have no say. There is no time-out: destroy the attempt to end it.
/// Errors are cannot_connect; `reason` is one of proxy_unknown_host, proxy_unreachable,
/// proxy_needs_credentials, proxy_refused_credentials, proxy_denied (a rule of the proxy),
/// proxy_cannot_reach (the proxy tried and failed), proxy_bad_answer (no such proxy, or a broken one). They
/// hold no credentials. [home]
std::unique_ptr<Dialing> dial_through(Loop& loop, std::shared_ptr<const Proxy> proxy,
                                      std::string_view host_port, DialDone done);

}  // namespace fairlead::loop

/// Dialling through a proxy that a test wrote the answers of.
#pragma once
#include <fcntl.h>

#include "loop/proxy.hpp"
#include "support/scripted_peer.hpp"
#include "unit/loop/given_loop.hpp"

namespace fairlead::support {

using Script = ScriptedPeer::Script;

inline base::Secret secret_of(std::string_view text) { return base::Secret(base::as_bytes(text)); }

/// `scheme` is "http" or "socks5".
inline std::shared_ptr<const loop::Proxy> proxy_at(const std::string& scheme, const std::string& port,
                                                   std::string_view credentials = "") {
  auto made = loop::Proxy::make(scheme + "://127.0.0.1:" + port, secret_of(credentials));
  EXPECT_TRUE(made.has_value()) << made.error().line();
  return std::make_shared<const loop::Proxy>(std::move(*made));
}

class ThroughAProxy : public GivenLoop {
 protected:
  base::Result<int> dial(std::shared_ptr<const loop::Proxy> proxy,
                         const std::string& host_port = "server.example:8002") {
    base::Result<int> answer = -1;
    const auto dialing =
        loop::dial_through(*loop, std::move(proxy), host_port, [&](base::Result<int> result) {
          answer = std::move(result);
          loop->stop();
        });
    run();
    return answer;
  }
  /// The error of a dial that one answer of the proxy ends.
  base::Error refused(const std::string& scheme, const Script& script, std::string_view credentials = "") {
    const ScriptedPeer peer({script});
    auto answer = dial(proxy_at(scheme, peer.port(), credentials));
    EXPECT_FALSE(answer.has_value());
    if (!answer) return answer.error();
    ::close(*answer);
    return {};
  }
};

}  // namespace fairlead::support

/// Outbound proxies of other people's, as real processes: squid, tinyproxy and microsocks.
#pragma once
#include <memory>
#include <string>

#include "integration/given_deployment.hpp"
#include "integration/relay.hpp"

namespace fairlead::integration {

/// Who of them, and what it asks for.
enum class ProxyType {
  squid,
  squid_with_login,   ///< Basic
  squid_with_digest,  ///< Digest
  squid_with_ntlm,    ///< NTLM, whoever it is: the handshake is real, the password is not looked at
  squid_that_denies,  ///< CONNECT to every port but one that nobody uses
  tinyproxy,
  tinyproxy_with_login,
  microsocks,
  microsocks_with_login
};

/// Runs from construction, without rights of root. Those with a login take kUser and kPassword.
class OutboundProxy {
 public:
  static constexpr const char* kUser = "site-user";
  static constexpr const char* kPassword = "canary-of-the-proxy-5d3a7e";

  explicit OutboundProxy(ProxyType type);

  /// Ends it with everything that goes through it.
  void stop() { process_.reset(); }
  /// The same once more, on the same port.
  void start();
  /// "http://127.0.0.1:PORT" or "socks5://...".
  std::string url() const;

 private:
  void write_files() const;
  Words command() const;
  fs::path file(const std::string& name) const { return folder_.path() / name; }

  ProxyType type_;
  support::TempDir folder_;
  ReservedPort port_;
  std::unique_ptr<RunningProcess> process_;
};

/// Writes KIT/local/secrets/NAME as it should be: 0700 and 0600.
void put_secret(const fs::path& kit, const std::string& name, const std::string& content);

}  // namespace fairlead::integration

/// Servers that are not Fairlead: a CA of somebody else's, and proxies that end or start TLS.
#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "base/random.hpp"
#include "crypto/certificate.hpp"
#include "integration/relay.hpp"
#include "support/running_process.hpp"

namespace fairlead::integration {

/// When a certificate is valid, counted from now.
struct Valid {
  std::chrono::hours from{-1}, until{24};
};

/// A certification authority that no project knows.
class ForeignCa {
 public:
  ForeignCa();
  std::string pem() const { return root_.to_pem(); }
  /// Certificate and key of the authority itself, one after the other.
  std::string ca_pem() const;
  /// Certificate and key of a server with this host name, one after the other.
  std::string server_pem(const std::string& host, Valid valid = {}) const;

 private:
  crypto::PrivateKey key_;
  crypto::Certificate root_;
};

/// haproxy in front of a server that listens in the clear, on a port of its own.
class TlsProxy {
 public:
  struct Plan {
    std::string pem;          ///< its certificate and key
    std::string server_port;  ///< where what it decrypts goes
    std::string client_ca{};  ///< file with the CA whose certificate clients must show; empty: none asked for
  };
  /// `folder` takes its files.
  TlsProxy(const std::filesystem::path& folder, const Plan& plan);
  const std::string& port() const noexcept { return port_.number; }

 private:
  ListeningPort port_ = open_port();
  std::unique_ptr<support::RunningProcess> process_;
};

/// sslsplit in front of a server: ends its TLS with certificates made on the fly, as an inspecting firewall
/// does.
class Interceptor {
 public:
  /// `folder` takes its files.
  Interceptor(const std::filesystem::path& folder, const ForeignCa& ca, const std::string& server_port);
  const std::string& port() const noexcept { return port_.number; }

 private:
  ReservedPort port_;
  std::unique_ptr<support::RunningProcess> process_;
};

/// stunnel, on a port of its own: at one end TLS, in the clear at the other.
class Stunnel {
 public:
  struct Plan {
    enum class Side { ends_tls, starts_tls } side = Side::ends_tls;
    std::string pem{};          ///< ends_tls: its certificate and key
    std::string target_port{};  ///< where what it passes on goes
    std::string ca{};           ///< starts_tls: file with the CA of who answers there
    std::string host{};         ///< starts_tls: host name that the certificate there must carry
  };
  /// `folder` takes its files.
  Stunnel(const std::filesystem::path& folder, const Plan& plan);
  const std::string& port() const noexcept { return port_.number; }

 private:
  ListeningPort port_ = open_port();
  std::unique_ptr<support::RunningProcess> process_;
};

/// nginx in front of a server, on a port of its own: passes bytes on and looks into none.
class PassThrough {
 public:
  /// `folder` takes its files.
  PassThrough(const std::filesystem::path& folder, const std::string& server_port);
  PassThrough(const PassThrough&) = delete;
  PassThrough& operator=(const PassThrough&) = delete;
  ~PassThrough();
  const std::string& port() const noexcept { return port_.number; }

 private:
  ListeningPort port_ = open_port();
  std::unique_ptr<support::RunningProcess> process_;
};

}  // namespace fairlead::integration

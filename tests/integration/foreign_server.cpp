#include "integration/foreign_server.hpp"

#include <csignal>

#include "base/assert.hpp"
#include "integration/given_deployment.hpp"

namespace fairlead::integration {
namespace {

constexpr const char* kProxyConfiguration =
    "defaults\n"
    "  mode tcp\n"
    "  timeout connect 5s\n"
    "  timeout client 60s\n"
    "  timeout server 60s\n"
    "frontend sites\n"
    "  bind fd@3 ssl crt ";

crypto::PrivateKey make_key() {
  auto key = crypto::PrivateKey::generate(crypto::KeyType::p256);
  FAIRLEAD_ASSERT(key.has_value());
  return std::move(*key);
}

crypto::CertificateProfile profile(crypto::CertificateUse use, const std::string& name, Valid valid) {
  const base::WallTime now = base::SystemClock().wall();
  crypto::CertificateProfile profile;
  profile.use = use;
  profile.name = name;
  profile.not_before = now + valid.from;
  profile.not_after = now + valid.until;
  return profile;
}

crypto::Certificate make_root(const crypto::PrivateKey& key) {
  base::SystemRandom random;
  const Valid long_ago{std::chrono::hours(-24 * 30), std::chrono::hours(24 * 30)};
  auto root = crypto::issue_certificate(profile(crypto::CertificateUse::root, "somebody else", long_ago),
                                        key.public_key(), nullptr, key, random);
  FAIRLEAD_ASSERT(root.has_value());
  return std::move(*root);
}

}  // namespace

ForeignCa::ForeignCa() : key_(make_key()), root_(make_root(key_)) {}

std::string ForeignCa::server_pem(const std::string& host, Valid valid) const {
  base::SystemRandom random;
  const crypto::PrivateKey key = make_key();
  auto wanted = profile(crypto::CertificateUse::server, host, valid);
  wanted.uri = "fairlead://elsewhere/server/" + host;
  wanted.host_names = {host};
  const auto issued = crypto::issue_certificate(wanted, key.public_key(), &root_, key_, random);
  const auto key_pem = key.to_pem();
  FAIRLEAD_ASSERT(issued.has_value() && key_pem.has_value());
  return issued->to_pem() + std::string(base::as_text(key_pem->expose()));
}

std::string ForeignCa::ca_pem() const {
  const auto key_pem = key_.to_pem();
  FAIRLEAD_ASSERT(key_pem.has_value());
  return root_.to_pem() + std::string(base::as_text(key_pem->expose()));
}

Interceptor::Interceptor(const std::filesystem::path& folder, const ForeignCa& ca,
                         const std::string& server_port) {
  const std::filesystem::path authority = folder / "interceptor.pem";
  support::write_text(authority, ca.ca_pem());
  process_ = std::make_unique<support::RunningProcess>(Words{tool("sslsplit"), "-D", "-k", authority.string(),
                                                             "-c", authority.string(), "ssl", "127.0.0.1",
                                                             port_.number, "127.0.0.1", server_port});
  EXPECT_TRUE(process_->wait_for_error("Starting main event loop")) << process_->errors();
}

TlsProxy::TlsProxy(const std::filesystem::path& folder, const Plan& plan) {
  const std::filesystem::path certificate = folder / "proxy.pem", configuration = folder / "proxy.cfg";
  const std::string verify = plan.client_ca.empty() ? "" : " verify required ca-file " + plan.client_ca;
  support::write_text(certificate, plan.pem);
  support::write_text(
      configuration,
      kProxyConfiguration + certificate.string() + verify +
          "\n  default_backend server\nbackend server\n  server one 127.0.0.1:" + plan.server_port + "\n");
  process_ = std::make_unique<support::RunningProcess>(
      Words{tool("haproxy"), "-db", "-f", configuration.string()},
      support::RunningProcess::Options{.inherited = port_.socket.get()});
}

Stunnel::Stunnel(const std::filesystem::path& folder, const Plan& plan) {
  const std::filesystem::path certificate = folder / "stunnel.pem", configuration = folder / "stunnel.conf";
  const bool ends_tls = plan.side == Plan::Side::ends_tls;
  if (ends_tls) support::write_text(certificate, plan.pem);
  const std::string credentials =
      ends_tls ? "cert = " + certificate.string() + "\n"
               : "client = yes\nverifyChain = yes\nCAfile = " + plan.ca + "\ncheckHost = " + plan.host + "\n";
  // The port was opened for it; `accept` only says that this service takes it.
  support::write_text(configuration,
                      "foreground = quiet\nsyslog = no\npid =\n[fairlead]\naccept = 127.0.0.1:1\n" +
                          credentials + "connect = 127.0.0.1:" + plan.target_port + "\n");
  process_ = std::make_unique<support::RunningProcess>(
      Words{"/bin/sh", "-c", "LISTEN_PID=$$ exec \"$@\"", "sh", tool("stunnel4"), configuration.string()},
      support::RunningProcess::Options{.environment = {"LISTEN_FDS=1"}, .inherited = port_.socket.get()});
}

PassThrough::PassThrough(const std::filesystem::path& folder, const std::string& server_port) {
  const std::filesystem::path configuration = folder / "nginx.conf";
  // The port was opened for it; the variable NGINX says so.
  support::write_text(configuration,
                      "load_module /usr/lib/nginx/modules/ngx_stream_module.so;\n"
                      "daemon off;\nerror_log stderr;\npid " +
                          (folder / "nginx.pid").string() +
                          ";\nevents {}\nstream {\n  server {\n    listen 127.0.0.1:" + port_.number +
                          ";\n    proxy_pass 127.0.0.1:" + server_port + ";\n  }\n}\n");
  process_ = std::make_unique<support::RunningProcess>(
      Words{tool("nginx"), "-p", folder.string(), "-e", "stderr", "-c", configuration.string()},
      support::RunningProcess::Options{.environment = {"NGINX=3;"}, .inherited = port_.socket.get()});
}

PassThrough::~PassThrough() {
  process_->signal(SIGTERM);  // it has a child of its own, which it takes along
  process_->finish();
}

}  // namespace fairlead::integration

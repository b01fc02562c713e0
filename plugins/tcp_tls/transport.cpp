// The plugin "tcp": TCP, clear or under TLS with one or both sides verified. This file is its table.
#include <fairlead/transport.hpp>

#include "clear_connection.hpp"
#include "instance.hpp"
#include "listener.hpp"
#include "tls_connection.hpp"

namespace tcp_tls {
namespace {

using fairlead::transport::Config;
using fairlead::transport::Connection;
using fairlead::transport::Error;
using fairlead::transport::Listener;
using fairlead::transport::Transport;

class TcpTransport final : public Transport {
 public:
  static constexpr const char* schemes[] = {"tcp", nullptr};
  static constexpr fairlead::transport::About about = {
      .caps = FAIRLEAD_CAP_STREAM | FAIRLEAD_CAP_LISTEN | FAIRLEAD_CAP_CONNECT | FAIRLEAD_CAP_SECURE |
              FAIRLEAD_CAP_MUTUAL | FAIRLEAD_CAP_CHANNEL_BINDING | FAIRLEAD_CAP_REPORTS_LOSS,
      .id = "org.fairlead.tcp-tls",
      .version = "1.0.0",
      .vendor = "Fairlead",
      .license = "Apache-2.0",
      .summary = "TCP, clear or with TLS 1.2 and 1.3, one side or both verified",
      .schemes = schemes,
      .options = kOptions};

  TcpTransport(const fairlead_host& host, const fairlead_config& given) : Transport(host) {
    reconfigure(given);
  }

  void reconfigure(const fairlead_config& given) override { load(given); }

  std::unique_ptr<Listener> listen(fairlead_loop* loop, std::string_view address,
                                   fairlead_listener* kernel) override {
    if (encrypts() && !instance_.contexts.listening)
      throw Error(FAIRLEAD_E_CREDENTIAL, "options chain and key: listening with TLS needs our certificate");
    return std::make_unique<TcpListener>(host(), loop, address, kernel, instance_);
  }

  std::unique_ptr<Connection> connect(fairlead_loop* loop, std::string_view address,
                                      fairlead_conn*) override {
    if (!encrypts()) return std::make_unique<ClearConnection>(host(), loop, address, instance_);
    if (!instance_.contexts.dialling)
      throw Error(FAIRLEAD_E_CREDENTIAL, "option ca: dialling with TLS needs the CA of the listener");
    return std::make_unique<TlsConnection>(host(), loop, address, instance_);
  }

 private:
  /// All or nothing: what throws leaves the former settings and credentials in force.
  void load(const fairlead_config& given) {
    const Config config(host(), given);
    Settings settings = read_settings(config);
    TlsContexts contexts = make_contexts(config, settings);
    instance_.settings = std::move(settings);
    instance_.contexts = std::move(contexts);
  }
  bool encrypts() const noexcept { return instance_.settings.security != Security::kClear; }

  Instance instance_;
};

}  // namespace
}  // namespace tcp_tls

FAIRLEAD_EXPORT_TRANSPORT(tcp_tls::TcpTransport);

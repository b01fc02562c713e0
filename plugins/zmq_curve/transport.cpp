// The plugin "zmq": ZeroMQ over TCP, clear or under CURVE with one or both keys pinned. This file is its
// table.
#include <fairlead/transport.hpp>

#include "dealer.hpp"
#include "listener.hpp"

namespace zmq_curve {
namespace {

using fairlead::transport::Config;
using fairlead::transport::Connection;
using fairlead::transport::Error;
using fairlead::transport::Listener;
using fairlead::transport::Transport;

class ZmqTransport final : public Transport {
 public:
  static constexpr const char* schemes[] = {"zmq", nullptr};
  static constexpr fairlead::transport::About about = {
      .caps = FAIRLEAD_CAP_MESSAGE | FAIRLEAD_CAP_LISTEN | FAIRLEAD_CAP_CONNECT | FAIRLEAD_CAP_SECURE |
              FAIRLEAD_CAP_MUTUAL | FAIRLEAD_CAP_REPORTS_LOSS,
      .id = "org.fairlead.zmq-curve",
      .version = "1.0.0",
      .vendor = "Fairlead",
      .license = "Apache-2.0",
      .summary = "ZeroMQ over TCP, clear or with CURVE, one or both keys pinned",
      .schemes = schemes,
      .options = kOptions};

  ZmqTransport(const fairlead_host& host, const fairlead_config& given) : Transport(host) {
    instance_.settings = read_settings(Config(host, given));
  }

  /// A socket keeps what it was made with: the own key of a listener changes with a restart only.
  void reconfigure(const fairlead_config& given) override {
    Settings fresh = read_settings(Config(host(), given));
    const auto key = [](const Settings& settings) {
      return settings.own ? settings.own->public_key : PublicKey{};
    };
    if (is_listening_ &&
        (key(fresh) != key(instance_.settings) || fresh.security != instance_.settings.security))
      throw Error(FAIRLEAD_E_CONFIG,
                  "option curve_key: a listener keeps its CURVE key until it is restarted");
    instance_.settings = std::move(fresh);
  }

  std::unique_ptr<Listener> listen(fairlead_loop* loop, std::string_view address,
                                   fairlead_listener* kernel) override {
    if (instance_.settings.is_secure() && !instance_.settings.own)
      throw Error(FAIRLEAD_E_CREDENTIAL, "option curve_key: listening with CURVE needs our own key");
    auto made = std::make_unique<ZmqListener>(host(), loop, address, kernel, instance_);
    is_listening_ = true;
    return made;
  }

  std::unique_ptr<Connection> connect(fairlead_loop* loop, std::string_view address,
                                      fairlead_conn*) override {
    return std::make_unique<Dealer>(host(), loop, address, instance_);
  }

 private:
  Instance instance_;
  bool is_listening_ = false;
};

}  // namespace
}  // namespace zmq_curve

FAIRLEAD_EXPORT_TRANSPORT(zmq_curve::ZmqTransport);

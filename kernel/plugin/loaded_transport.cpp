#include "plugin/loaded_transport.hpp"

#include "plugin/connection_core.hpp"
#include "plugin/describe.hpp"
#include "plugin/listener_core.hpp"
#include "plugin/option_values.hpp"
#include "plugin/status.hpp"

namespace fairlead::plugin {
namespace {

/// The kernel's end of a Host.
class HostedInstance final : public Instance {
 public:
  explicit HostedInstance(std::unique_ptr<Host> host) noexcept : host_(std::move(host)) {}
  ~HostedInstance() override { Host::retire(std::move(host_)); }
  HostedInstance(const HostedInstance&) = delete;
  HostedInstance& operator=(const HostedInstance&) = delete;

  base::Result<std::unique_ptr<Listener>> listen(loop::Loop& loop, std::string_view address,
                                                 ListenerEvents& events) override {
    FAIRLEAD_TRY(check(FAIRLEAD_CAP_LISTEN, "listen"));
    FAIRLEAD_TRY(fairlead_loop * home, host_->home(loop));
    return ListenerCore::listen(*host_, home, address, events);
  }
  base::Result<std::unique_ptr<Connection>> connect(loop::Loop& loop, std::string_view address,
                                                    ConnectionEvents& events) override;
  void dial_through(std::shared_ptr<const loop::Proxy> proxy) override {
    host_->dial_through(std::move(proxy));
  }
  base::Status reconfigure(const LinkCredentials& credentials, const OptionTexts& options) override {
    const Plugin& plugin = host_->plugin();
    FAIRLEAD_TRY(const OptionValues values,
                 OptionValues::read(plugin.id, plugin.options, credentials, options));
    FAIRLEAD_TRY(host_->reconfigure(values));
    host_->know_peers(credentials.curve_public, credentials.peer_keys);
    return {};
  }
  std::vector<Metric> metrics() const override { return host_->metrics(); }

 private:
  /// A connection past the proxy is worse than none. `dials`: before the plugin was asked to connect.
  base::Status check_way(uint64_t dials) const {
    if (host_->proxy() == nullptr || host_->dials() != dials) return {};
    return base::fail(base::ErrorCode::bad_configuration,
                      "plugin " + host_->plugin().id + " makes its connections itself, past the proxy " +
                          host_->proxy()->url(),
                      "use a transport that dials through the kernel, such as tcp, or set proxy to none");
  }
  base::Status check(uint32_t cap, const char* what) const {
    if ((host_->table().caps & cap) != 0) return {};
    return base::fail(base::ErrorCode::bad_configuration, "plugin " + host_->plugin().id + " cannot " + what,
                      "choose another transport");
  }

  std::unique_ptr<Host> host_;
};

base::Result<std::unique_ptr<Connection>> HostedInstance::connect(loop::Loop& loop, std::string_view address,
                                                                  ConnectionEvents& events) {
  FAIRLEAD_TRY(check(FAIRLEAD_CAP_CONNECT, "connect"));
  FAIRLEAD_TRY(fairlead_loop * home, host_->home(loop));
  auto handle = ConnectionCore::make(*host_, nullptr, &events);
  ConnectionCore& core = handle->core();
  fairlead_error error{};
  fairlead_status status = FAIRLEAD_E_INTERNAL;
  void* made = nullptr;
  const uint64_t dials = host_->dials();
  host_->slot("connect", [&] {
    status = host_->table().connect(host_->self(), home, text(address), &core, &made, &error);
  });
  if (status == FAIRLEAD_OK && made != nullptr) {
    core.attach(made);
    FAIRLEAD_TRY(check_way(dials));
    return handle;
  }
  core.disown();
  const std::string url = host_->plugin().schemes.front() + "://" + std::string(address);
  return tl::unexpected(error_of(status, error, "cannot connect to " + url));
}

}  // namespace

Description LoadedTransport::description() const { return describe(*plugin_); }

base::Status LoadedTransport::check(const std::string& option, const std::string& text) const {
  return check_option(plugin_->id, plugin_->options, option, text);
}

base::Result<std::unique_ptr<Instance>> LoadedTransport::create(const LinkCredentials& credentials,
                                                                const OptionTexts& options) {
  FAIRLEAD_TRY(const OptionValues values,
               OptionValues::read(plugin_->id, plugin_->options, credentials, options));
  auto host = std::make_unique<Host>(plugin_, log_);
  host->know_peers(credentials.curve_public, credentials.peer_keys);
  FAIRLEAD_TRY(host->create(values));
  return std::make_unique<HostedInstance>(std::move(host));
}

}  // namespace fairlead::plugin

/// ListenerCore: one listener between plugin and kernel.
#pragma once
#include <memory>
#include <string>

#include "plugin/host.hpp"

namespace fairlead::plugin {

/// [home]. Lives until the kernel's Listener is destroyed and the plugin's is closed.
class ListenerCore final : public fairlead_listener, private Deferred {
 public:
  ListenerCore(Host& host, ListenerEvents& events) : host_(host), events_(&events) { host_.join(); }
  ~ListenerCore() override { host_.leave(); }
  ListenerCore(const ListenerCore&) = delete;
  ListenerCore& operator=(const ListenerCore&) = delete;

  /// Asks the plugin to listen; the result closes what the plugin has when destroyed.
  static base::Result<std::unique_ptr<Listener>> listen(Host& host, fairlead_loop* loop,
                                                        std::string_view address, ListenerEvents& events);
  /// What the plugin reports.
  fairlead_status accepted(void* plugin_side, fairlead_conn*& out);
  /// The kernel wants no more; this object ends itself.
  void abandon();
  const std::string& address() const noexcept { return address_; }
  Host& host() noexcept { return host_; }

 private:
  void settle() override;
  void ask_address(std::string_view fallback);

  Host& host_;
  ListenerEvents* events_;  ///< nullptr: abandoned
  void* plugin_side_ = nullptr;
  std::string address_;
};

}  // namespace fairlead::plugin

#include "plugin/listener_core.hpp"

#include "plugin/connection_core.hpp"
#include "plugin/status.hpp"

namespace fairlead::plugin {
namespace {

class ListenerHandle final : public Listener {
 public:
  explicit ListenerHandle(std::unique_ptr<ListenerCore> core) noexcept : core_(*core.release()) {}
  ~ListenerHandle() override { core_.abandon(); }
  ListenerHandle(const ListenerHandle&) = delete;
  ListenerHandle& operator=(const ListenerHandle&) = delete;
  std::string address() const override { return core_.address(); }

 private:
  ListenerCore& core_;  ///< ends itself after abandon(), which may have to wait for the plugin
};

}  // namespace

base::Result<std::unique_ptr<Listener>> ListenerCore::listen(Host& host, fairlead_loop* loop,
                                                             std::string_view address,
                                                             ListenerEvents& events) {
  auto core = std::make_unique<ListenerCore>(host, events);
  fairlead_error error{};
  fairlead_status status = FAIRLEAD_E_INTERNAL;
  host.slot("listen", [&] {
    status = host.table().listen(host.self(), loop, text(address), core.get(), &core->plugin_side_, &error);
  });
  const std::string url = host.plugin().schemes.front() + "://" + std::string(address);
  if (status != FAIRLEAD_OK || core->plugin_side_ == nullptr)
    return tl::unexpected(error_of(status, error, "cannot listen on " + url));
  core->ask_address(address);
  return std::make_unique<ListenerHandle>(std::move(core));
}

void ListenerCore::ask_address(std::string_view fallback) {
  fairlead_text bound{};
  fairlead_status status = FAIRLEAD_E_INTERNAL;
  host_.slot("listener_address", [&] { status = host_.table().listener_address(plugin_side_, &bound); });
  address_ = host_.plugin().schemes.front() + "://" +
             (status == FAIRLEAD_OK ? printable(view(bound)) : std::string(fallback));
}

fairlead_status ListenerCore::accepted(void* plugin_side, fairlead_conn*& out) {
  if (events_ == nullptr) return FAIRLEAD_E_CLOSED;
  auto handle = ConnectionCore::make(host_, plugin_side, nullptr);
  ConnectionCore& core = handle->core();
  ConnectionEvents* events = events_->accepted(std::move(handle));
  if (events == nullptr || core.is_abandoned()) {
    core.disown();
    return FAIRLEAD_E_CLOSED;
  }
  core.attach(events);
  out = &core;
  return FAIRLEAD_OK;
}

void ListenerCore::abandon() {
  events_ = nullptr;
  if (host_.is_inside()) return host_.defer(*this);
  settle();
}

void ListenerCore::settle() {
  const std::unique_ptr<ListenerCore> last(this);
  host_.slot("listener_close", [&] { host_.table().listener_close(plugin_side_); });
}

}  // namespace fairlead::plugin

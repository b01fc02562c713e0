#include "unit/plugin/given_plugin.hpp"

namespace fairlead::support {
namespace {

constexpr const char* kSchemes[] = {"script", nullptr};

ScriptedPlugin& script_of(void* self) { return *static_cast<ScriptedPlugin*>(self); }

fairlead_status create(const fairlead_host* host, const fairlead_config*, void** self, fairlead_error*) {
  auto& table = const_cast<fairlead_transport&>(static_cast<plugin::Host*>(host->ctx)->table());
  auto& script = static_cast<ScriptedPlugin&>(table);
  script.host = host;
  *self = &script;
  return FAIRLEAD_OK;
}

void fill(fairlead_transport& table) {
  table.create = &create;
  table.destroy = [](void* self) { ++script_of(self).destroyed; };
  table.listen = [](void* self, fairlead_loop* loop, fairlead_text, fairlead_listener* listener, void** out,
                    fairlead_error*) {
    script_of(self).loop = loop;
    script_of(self).listener = listener;
    *out = self;
    return fairlead_status{FAIRLEAD_OK};
  };
  table.connect = [](void* self, fairlead_loop* loop, fairlead_text, fairlead_conn* conn, void** out,
                     fairlead_error*) {
    script_of(self).loop = loop;
    script_of(self).conn = conn;
    *out = self;
    script_of(self).on_connect();
    return fairlead_status{FAIRLEAD_OK};
  };
  table.listener_address = [](void*, fairlead_text* out) {
    *out = plugin::text("here:1");
    return fairlead_status{FAIRLEAD_OK};
  };
  table.listener_close = [](void* self) { script_of(self).calls += "listener_close "; };
  table.send = [](void* self, const fairlead_bytes*, uint32_t, uint64_t cookie) {
    script_of(self).calls += "send ";
    return script_of(self).on_send(cookie);
  };
  table.set_reading = [](void* self, int32_t on) { script_of(self).calls += on ? "on " : "off "; };
  table.close = [](void* self, int32_t mode) {
    script_of(self).calls += mode == FAIRLEAD_CLOSE_DRAIN ? "drain " : "abort ";
    script_of(self).on_close(mode);
  };
  table.peer = [](void* self, fairlead_peer* out) {
    script_of(self).calls += "peer ";
    const uint32_t size = out->struct_size;
    *out = script_of(self).peer_facts;
    out->struct_size = size;
    return fairlead_status{FAIRLEAD_OK};
  };
  table.release = [](void* self) { script_of(self).calls += "release "; };
}

}  // namespace

ScriptedPlugin::ScriptedPlugin() : fairlead_transport{} {
  magic = FAIRLEAD_TRANSPORT_MAGIC;
  struct_size = sizeof(fairlead_transport);
  abi_major = FAIRLEAD_ABI_MAJOR;
  caps = FAIRLEAD_CAP_STREAM | FAIRLEAD_CAP_LISTEN | FAIRLEAD_CAP_CONNECT;
  id = "org.example.script";
  version = "1.0.0";
  vendor = license = summary = "x";
  schemes = kSchemes;
  fill(*this);
}

GivenPlugin::GivenPlugin() {
  auto about = std::make_shared<plugin::Plugin>();
  about->table = &script;
  about->id = script.id;
  about->schemes = {"script"};
  transport = std::make_unique<plugin::LoadedTransport>(std::move(about), log);
  instance = std::move(*transport->create({}, {}));
}

void GivenPlugin::connect() {
  connection = std::move(*instance->connect(*loop, "there:1", events));
  in_callback([this] { script.host->opened(script.conn); });
  events.heard.clear();
  script.calls.clear();
}

void GivenPlugin::in_callback(std::function<void()> body) {
  fairlead_timer* timer = nullptr;
  const auto fire = [](void* task) { (*static_cast<std::function<void()>*>(task))(); };
  script.host->timer(script.loop, 0, fire, &body, &timer);
  run_turns(2);
}

}  // namespace fairlead::support

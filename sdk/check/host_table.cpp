#include "host_table.hpp"

#include "dial.hpp"
#include "fairlead/peers.h"
#include "instance.hpp"

namespace fairlead::check {
namespace {

Instance& instance_of(void* ctx) noexcept { return *static_cast<Instance*>(ctx); }
World& world_of(fairlead_loop* loop) noexcept { return *static_cast<World*>(loop); }
Conn& conn_of(fairlead_conn* conn) noexcept { return *static_cast<Conn*>(conn); }

bool at_home(Loop& loop, Breaches& breaches, const char* call) {
  if (loop.is_home()) return true;
  breaches.note(kThread, std::string(call) + "() was called on a thread that is not the loop's");
  return false;
}

void peers_each(void* ctx, void (*visit)(void*, fairlead_text, fairlead_bytes), void* argument) {
  for (const auto& [name, key] : instance_of(ctx).peers()) {
    const void* bytes = key.data();
    visit(argument, text(name), {static_cast<const uint8_t*>(bytes), key.size()});
  }
}

/// The keys of a setup never change.
void peers_notify(void*, void (*)(void*), void*) {}

constexpr fairlead_peers kPeersTable = {sizeof(fairlead_peers), 0, &peers_each, &peers_notify};

const void* host_extension(void*, const char* id) {
  const std::string_view name(id);
  if (name == FAIRLEAD_DIAL_EXTENSION) return &dial_table();
  return name == FAIRLEAD_PEERS_EXTENSION ? &kPeersTable : nullptr;
}

fairlead_status host_secret(void* ctx, fairlead_text name, fairlead_bytes* out) {
  Instance& instance = instance_of(ctx);
  const auto secret = instance.is_creating() ? instance.values().secret(view(name)) : std::nullopt;
  if (!secret) return FAIRLEAD_E_CREDENTIAL;
  *out = {secret->data(), secret->size()};
  return FAIRLEAD_OK;
}

fairlead_status host_watch(fairlead_loop* loop, int fd, uint32_t events, void (*ready)(void*, uint32_t),
                           void* argument, fairlead_watch** out) {
  World& world = world_of(loop);
  if (!world.at_home("watch") || world.faults().strike("watch")) return FAIRLEAD_E_NO_RESOURCE;
  *out = world.loop().watch(fd, events, ready, argument);
  return FAIRLEAD_OK;
}

void host_rewatch(fairlead_watch* handle, uint32_t events) {
  auto& watch = *static_cast<Watch*>(handle);
  if (at_home(*watch.loop, watch.loop->breaches(), "rewatch")) watch.loop->rewatch(watch, events);
}

void host_unwatch(fairlead_watch* handle) {
  auto& watch = *static_cast<Watch*>(handle);
  if (at_home(*watch.loop, watch.loop->breaches(), "unwatch")) watch.loop->unwatch(watch);
}

fairlead_status host_timer(fairlead_loop* loop, uint64_t delay_ns, void (*fire)(void*), void* argument,
                           fairlead_timer** out) {
  World& world = world_of(loop);
  if (!world.at_home("timer") || world.faults().strike("timer")) return FAIRLEAD_E_NO_RESOURCE;
  *out = world.loop().timer(delay_ns, fire, argument);
  return FAIRLEAD_OK;
}

void host_cancel(fairlead_timer* handle) {
  auto& timer = *static_cast<Timer*>(handle);
  if (at_home(*timer.loop, timer.loop->breaches(), "cancel")) timer.loop->cancel(timer);
}

fairlead_status host_accepted(fairlead_listener* handle, void* object, fairlead_conn** out) {
  auto& listening = *static_cast<Listening*>(handle);
  World& world = *listening.world;
  if (!world.at_home("accepted")) return FAIRLEAD_E_NO_RESOURCE;
  if (world.inside() == Inside::slot)
    world.breaches().note(kOrder, "accepted() was called inside a slot, not from a callback");
  if (listening.refuses || world.faults().strike("accepted")) return FAIRLEAD_E_NO_RESOURCE;
  Conn& conn = world.make_conn(*listening.table, Conn::Side::listening);
  conn.object = object;
  listening.accepted.push_back(&conn);
  if (listening.on_accepted) listening.on_accepted(conn);
  *out = &conn;
  return FAIRLEAD_OK;
}

void fill_any_thread(fairlead_host& table) noexcept {
  table.log = [](void* ctx, int32_t, fairlead_text message) { instance_of(ctx).note_log(view(message)); };
  table.now_ns = [](void*) { return now_ns(); };
  table.count = [](void*, uint32_t, int64_t) {};
  table.post = [](fairlead_loop* loop, void (*task)(void*), void* argument) {
    return world_of(loop).loop().post(task, argument);
  };
  table.extension = &host_extension;
  table.counter = [](void* ctx, const char* name, const char*, const char*) {
    return instance_of(ctx).counter(name);
  };
  table.secret = &host_secret;
}

void fill_connection(fairlead_host& table) noexcept {
  table.accepted = &host_accepted;
  table.opened = [](fairlead_conn* conn) { conn_of(conn).opened(); };
  table.rx_reserve = [](fairlead_conn* conn, size_t want, uint8_t** space, size_t* size) {
    return conn_of(conn).rx_reserve(want, space, size);
  };
  table.rx_commit = [](fairlead_conn* conn, size_t size) { return conn_of(conn).rx_commit(size); };
  table.rx_message = [](fairlead_conn* conn, fairlead_bytes whole, void (*release)(void*), void* argument) {
    return conn_of(conn).rx_message(whole, release, argument);
  };
  table.tx_done = [](fairlead_conn* conn, uint64_t cookie, fairlead_status status) {
    conn_of(conn).tx_done(cookie, status);
  };
  table.tx_ready = [](fairlead_conn* conn) { conn_of(conn).tx_ready(); };
  table.closed = [](fairlead_conn* conn, fairlead_status why, fairlead_text detail) {
    conn_of(conn).closed(why, view(detail));
  };
}

}  // namespace

fairlead_host make_host_table(Instance& instance) noexcept {
  fairlead_host table{};
  table.struct_size = sizeof table;
  table.abi_major = FAIRLEAD_ABI_MAJOR;
  table.abi_minor = FAIRLEAD_ABI_MINOR;
  table.ctx = &instance;
  fill_any_thread(table);
  table.watch = &host_watch;
  table.rewatch = &host_rewatch;
  table.unwatch = &host_unwatch;
  table.timer = &host_timer;
  table.cancel = &host_cancel;
  fill_connection(table);
  return table;
}

}  // namespace fairlead::check

#include "plugin/host_table.hpp"

#include <algorithm>
#include <cstring>

#include "loop/dial.hpp"
#include "loop/host_port.hpp"
#include "loop/proxy.hpp"
#include "plugin/connection_core.hpp"
#include "plugin/listener_core.hpp"
#include "plugin/status.hpp"

namespace fairlead::plugin {
namespace {

Host& host_of(void* ctx) noexcept { return *static_cast<Host*>(ctx); }
ConnectionCore& core_of(fairlead_conn* conn) noexcept { return *static_cast<ConnectionCore*>(conn); }

/// What a plugin promised not to do: a call from another thread changes nothing.
bool is_away(Host& host, const char* call) { return !host.is_at_home(call); }
bool is_away(fairlead_conn* conn, const char* call) { return is_away(core_of(conn).host(), call); }

/// A plugin's watch: the loop's, and whom to call.
struct HostWatch final : fairlead_watch {
  Host* host = nullptr;
  void (*ready)(void*, uint32_t) = nullptr;
  void* argument = nullptr;
  std::unique_ptr<loop::Watch> watch;

  static void fire(void* self, uint32_t events) {
    const auto* watch = static_cast<HostWatch*>(self);
    watch->host->callback(
        "ready", [ready = watch->ready, argument = watch->argument, events] { ready(argument, events); });
  }
};

struct HostTimer final : fairlead_timer {
  Host* host = nullptr;
  void (*body)(void*) = nullptr;
  void* argument = nullptr;
  std::unique_ptr<loop::Timer> timer;

  /// The handle is dead before the plugin hears of it.
  static void fire(void* self) {
    std::unique_ptr<HostTimer> timer(static_cast<HostTimer*>(self));
    Host* host = timer->host;
    const auto body = timer->body;
    void* argument = timer->argument;
    timer.reset();
    host->callback("fire", [&] { body(argument); });
  }
};

struct HostDialing final : fairlead_dialing {
  using Done = void (*)(void*, fairlead_status, int, fairlead_text);
  Host* host = nullptr;
  Done done = nullptr;
  void* argument = nullptr;
  std::unique_ptr<loop::Dialing> dialing;
};

fairlead_status dial_status(const base::Error& error) noexcept {
  if (error.reason == "refused") return FAIRLEAD_E_REFUSED;
  if (error.reason == "timed_out") return FAIRLEAD_E_TIMEOUT;
  if (error.reason == "no_resource") return FAIRLEAD_E_NO_RESOURCE;
  if (error.reason == "denied") return FAIRLEAD_E_DENIED;
  return FAIRLEAD_E_UNREACHABLE;
}

void dial_done(HostDialing* handle, base::Result<int> result) {
  std::unique_ptr<HostDialing> mine(handle);
  Host* host = mine->host;
  const auto done = mine->done;
  void* argument = mine->argument;
  mine.reset();
  const fairlead_status status = result ? FAIRLEAD_OK : dial_status(result.error());
  const std::string detail = result ? std::string() : result.error().text;
  host->callback("done", [&] { done(argument, status, result ? *result : -1, text(detail)); });
}

fairlead_status dial_start(void* host_ctx, fairlead_loop* loop, fairlead_text host_port,
                           HostDialing::Done done, void* argument, fairlead_dialing** out) {
  if (is_away(host_of(host_ctx), "dial")) return FAIRLEAD_E_INTERNAL;
  if (!loop::HostPort::parse(view(host_port))) return FAIRLEAD_E_CONFIG;
  auto handle = std::make_unique<HostDialing>();
  handle->host = &host_of(host_ctx);
  handle->done = done;
  handle->argument = argument;
  Host& host = *handle->host;
  host.note_dial();
  auto answer = [raw = handle.get()](base::Result<int> result) { dial_done(raw, std::move(result)); };
  auto by_proxy = [&host, answer](base::Result<int> result) {
    if (!result) host.note_proxy_error(result.error());
    answer(std::move(result));
  };
  loop::Loop& on = *Host::of(loop).loop();
  handle->dialing = host.proxy() == nullptr ? loop::dial(on, view(host_port), answer)
                                            : loop::dial_through(on, host.proxy(), view(host_port), by_proxy);
  *out = handle.release();
  return FAIRLEAD_OK;
}

void dial_cancel(fairlead_dialing* dialing) {
  const std::unique_ptr<HostDialing> last(static_cast<HostDialing*>(dialing));
}

fairlead_status host_watch(fairlead_loop* loop, int fd, uint32_t events, void (*ready)(void*, uint32_t),
                           void* argument, fairlead_watch** out) {
  Host& host = Host::of(loop);
  if (is_away(host, "watch()")) return FAIRLEAD_E_INTERNAL;
  auto handle = std::make_unique<HostWatch>();
  handle->host = &host;
  handle->ready = ready;
  handle->argument = argument;
  auto watch = host.loop()->watch(fd, events, &HostWatch::fire, handle.get());
  if (!watch) return FAIRLEAD_E_NO_RESOURCE;
  handle->watch = std::move(*watch);
  *out = handle.release();
  return FAIRLEAD_OK;
}

void host_rewatch(fairlead_watch* watch, uint32_t events) {
  const auto* known = static_cast<HostWatch*>(watch);
  if (!is_away(*known->host, "rewatch()")) known->watch->want(events);
}

void host_unwatch(fairlead_watch* watch) {
  if (is_away(*static_cast<HostWatch*>(watch)->host, "unwatch()")) return;
  const std::unique_ptr<HostWatch> last(static_cast<HostWatch*>(watch));
}

fairlead_status host_timer(fairlead_loop* loop, uint64_t delay_ns, void (*fire)(void*), void* argument,
                           fairlead_timer** out) {
  constexpr uint64_t kLongest = uint64_t{1} << 60;  // 36 years: keeps the sum with the clock in range
  Host& host = Host::of(loop);
  if (is_away(host, "timer()")) return FAIRLEAD_E_INTERNAL;
  auto handle = std::make_unique<HostTimer>();
  handle->host = &host;
  handle->body = fire;
  handle->argument = argument;
  const auto delay = std::chrono::nanoseconds(static_cast<int64_t>(std::min(delay_ns, kLongest)));
  handle->timer = host.loop()->timer(delay, &HostTimer::fire, handle.get());
  *out = handle.release();
  return FAIRLEAD_OK;
}

void host_cancel(fairlead_timer* timer) {
  if (is_away(*static_cast<HostTimer*>(timer)->host, "cancel()")) return;
  const std::unique_ptr<HostTimer> last(static_cast<HostTimer*>(timer));
}

const void* host_extension(void* ctx, const char* id) {
  if (std::string_view(id) == FAIRLEAD_DIAL_EXTENSION) return &host_of(ctx).dial_table();
  return std::string_view(id) == FAIRLEAD_PEERS_EXTENSION ? &host_of(ctx).peers_table() : nullptr;
}

void peers_each(void* host_ctx, void (*visit)(void*, fairlead_text, fairlead_bytes), void* argument) {
  for (const PeerKey& peer : host_of(host_ctx).peer_keys())
    visit(argument, text(peer.name), {peer.key.data(), peer.key.size()});
}

void peers_notify(void* host_ctx, void (*changed)(void*), void* argument) {
  host_of(host_ctx).on_peers_changed(changed, argument);
}

fairlead_status host_rx_reserve(fairlead_conn* conn, size_t want, uint8_t** space, size_t* size) {
  if (is_away(conn, "rx_reserve()")) return FAIRLEAD_E_INTERNAL;
  base::MutableByteView room;
  const fairlead_status status = core_of(conn).rx_reserve(want, room);
  *space = room.data();
  *size = room.size();
  return status;
}

fairlead_status host_rx_message(fairlead_conn* conn, fairlead_bytes whole, void (*release)(void*),
                                void* argument) {
  if (is_away(conn, "rx_message()")) return FAIRLEAD_E_INTERNAL;
  // A block shows its bytes as writable; the kernel never writes to a slice that it was given.
  const base::MutableByteView bytes(const_cast<uint8_t*>(whole.data), whole.size);
  return core_of(conn).rx_message(bytes, release, argument);
}

void fill_any_thread(fairlead_host& table) noexcept {
  table.log = [](void* ctx, int32_t level, fairlead_text message) {
    host_of(ctx).plugin_log(level, view(message));
  };
  table.now_ns = [](void* ctx) { return host_of(ctx).now_ns(); };
  table.count = [](void* ctx, uint32_t metric, int64_t delta) { host_of(ctx).count(metric, delta); };
  table.post = [](fairlead_loop* loop, void (*task)(void*), void* argument) {
    return Host::of(loop).post(task, argument);
  };
  table.extension = &host_extension;
  table.counter = [](void* ctx, const char* name, const char* unit, const char* help) {
    return host_of(ctx).counter(name, unit, help);
  };
  table.secret = [](void* ctx, fairlead_text name, fairlead_bytes* out) {
    return host_of(ctx).secret(view(name), *out);
  };
}

void fill_connection(fairlead_host& table) noexcept {
  table.accepted = [](fairlead_listener* listener, void* conn, fairlead_conn** out) {
    auto& core = *static_cast<ListenerCore*>(listener);
    return is_away(core.host(), "accepted()") ? FAIRLEAD_E_INTERNAL : core.accepted(conn, *out);
  };
  table.opened = [](fairlead_conn* conn) {
    if (!is_away(conn, "opened()")) core_of(conn).opened();
  };
  table.rx_reserve = &host_rx_reserve;
  table.rx_commit = [](fairlead_conn* conn, size_t size) {
    return is_away(conn, "rx_commit()") ? FAIRLEAD_E_INTERNAL : core_of(conn).rx_commit(size);
  };
  table.rx_message = &host_rx_message;
  table.tx_done = [](fairlead_conn* conn, uint64_t cookie, fairlead_status status) {
    if (!is_away(conn, "tx_done()")) core_of(conn).tx_done(cookie, status);
  };
  table.tx_ready = [](fairlead_conn* conn) {
    if (!is_away(conn, "tx_ready()")) core_of(conn).tx_ready();
  };
  table.closed = [](fairlead_conn* conn, fairlead_status why, fairlead_text detail) {
    if (!is_away(conn, "closed()")) core_of(conn).closed(why, view(detail));
  };
}

}  // namespace

fairlead_host make_host_table(Host& host) noexcept {
  fairlead_host table{};
  table.struct_size = sizeof table;
  table.abi_major = FAIRLEAD_ABI_MAJOR;
  table.abi_minor = FAIRLEAD_ABI_MINOR;
  table.ctx = &host;
  fill_any_thread(table);
  table.watch = &host_watch;
  table.rewatch = &host_rewatch;
  table.unwatch = &host_unwatch;
  table.timer = &host_timer;
  table.cancel = &host_cancel;
  fill_connection(table);
  return table;
}

fairlead_dial make_dial_table() noexcept { return {sizeof(fairlead_dial), 0, &dial_start, &dial_cancel}; }

fairlead_peers make_peers_table() noexcept { return {sizeof(fairlead_peers), 0, &peers_each, &peers_notify}; }

std::vector<fairlead_option> copy_options(const fairlead_transport& table, size_t limit) {
  std::vector<fairlead_option> options;
  const auto* at = reinterpret_cast<const uint8_t*>(table.options);
  while (at != nullptr && options.size() < limit) {
    fairlead_option one{};
    std::memcpy(&one, at, std::min<size_t>(table.option_size, sizeof one));
    if (one.name == nullptr) break;
    options.push_back(one);
    at += table.option_size;
  }
  return options;
}

}  // namespace fairlead::plugin

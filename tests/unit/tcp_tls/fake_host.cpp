#include "fake_host.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace {

std::string text_of(fairlead_text text) { return {text.data, text.size}; }

/// Runs a slot of the plugin with the bookkeeping that every slot needs.
template <class Call>
auto slot(fairlead_conn& conn, Call call) {
  fairlead_loop& loop = conn.host->loop();
  ++loop.slot_depth;
  auto result = call(conn.host->plugin());
  --loop.slot_depth;
  expect_clean_error_queue("a slot");
  return result;
}

void expect_payload_allowed(const fairlead_conn* conn) {
  const fairlead_loop& loop = conn->host->loop();
  EXPECT_EQ(loop.slot_depth, 0) << "rx_* inside a slot";
  EXPECT_GT(loop.callback_depth, 0) << "rx_* outside a callback";
  EXPECT_EQ(conn->opened, 1) << "payload before opened()";
  EXPECT_EQ(conn->closed, 0) << "payload after closed()";
  EXPECT_FALSE(conn->paused) << "payload while reading is off";
}

fairlead_status accepted(fairlead_listener* listener, void* handle, fairlead_conn** out) {
  if (listener->refuse) return FAIRLEAD_E_NO_RESOURCE;
  fairlead_conn& conn = listener->accepted.emplace_back();
  conn.host = listener->host;
  conn.handle = handle;
  conn.echo = listener->echo;
  conn.pause_at = listener->pause_at;
  *out = &conn;
  return FAIRLEAD_OK;
}

void opened(fairlead_conn* conn) {
  EXPECT_EQ(conn->opened++, 0);
  EXPECT_EQ(conn->closed, 0);
  EXPECT_EQ(conn->host->loop().slot_depth, 0) << "opened() inside a slot";
}

fairlead_status rx_reserve(fairlead_conn* conn, size_t want, uint8_t** space, size_t* size) {
  expect_payload_allowed(conn);
  conn->room.resize(std::min(want, conn->lend_at_most));
  *space = conn->room.data();
  *size = conn->room.size();
  return FAIRLEAD_OK;
}

fairlead_status rx_commit(fairlead_conn* conn, size_t size) {
  expect_payload_allowed(conn);
  EXPECT_LE(size, conn->room.size());
  const auto end = conn->room.begin() + static_cast<ptrdiff_t>(size);
  if (conn->echo) conn->queued.emplace_back(conn->room.begin(), end);
  conn->received.append(conn->room.begin(), end);
  if (conn->received.size() >= conn->pause_at) conn->paused = true;
  if (conn->echo)  // the reaction of a kernel comes later, from its own task
    conn->host->loop().tasks.emplace_back([](void* arg) { static_cast<fairlead_conn*>(arg)->pump(); }, conn);
  return conn->paused ? FAIRLEAD_AGAIN : FAIRLEAD_OK;
}

fairlead_status rx_message(fairlead_conn* conn, fairlead_bytes whole, void (*release)(void*), void* arg) {
  expect_payload_allowed(conn);
  const std::string bytes(reinterpret_cast<const char*>(whole.data), whole.size);
  release(arg);
  conn->messages.push_back(bytes);
  conn->received += bytes;
  if (conn->received.size() >= conn->pause_at) conn->paused = true;
  if (conn->echo) {
    conn->queued.push_back(bytes);
    conn->host->loop().tasks.emplace_back([](void* self) { static_cast<fairlead_conn*>(self)->pump(); },
                                          conn);
  }
  return conn->paused ? FAIRLEAD_AGAIN : FAIRLEAD_OK;
}

void tx_done(fairlead_conn* conn, uint64_t cookie, fairlead_status status) {
  EXPECT_EQ(conn->closed, 0) << "tx_done after closed()";
  EXPECT_TRUE(std::exchange(conn->in_flight, false)) << "tx_done without a send";
  conn->done.emplace_back(cookie, status);
  if (conn->queued.empty()) return;
  std::fill(conn->queued.front().begin(), conn->queued.front().end(), '!');  // must never be read again
  conn->queued.pop_front();
  conn->host->loop().tasks.emplace_back([](void* arg) { static_cast<fairlead_conn*>(arg)->pump(); }, conn);
}

void tx_ready(fairlead_conn* conn) { ++conn->tx_ready; }

void closed(fairlead_conn* conn, fairlead_status why, fairlead_text detail) {
  EXPECT_EQ(conn->closed++, 0) << "closed() twice";
  EXPECT_FALSE(conn->in_flight) << "closed() before tx_done";
  conn->why = why;
  conn->detail = text_of(detail);
}

}  // namespace

fairlead_status fairlead_conn::send(const std::vector<std::string_view>& slices, uint64_t cookie) {
  std::vector<fairlead_bytes> bytes;
  bytes.reserve(slices.size());
  for (const std::string_view one : slices)
    bytes.push_back({reinterpret_cast<const uint8_t*>(one.data()), one.size()});
  const bool was_in_flight = std::exchange(in_flight, true);
  const auto status = slot(*this, [&](const fairlead_transport& plugin) {
    return plugin.send(handle, bytes.data(), static_cast<uint32_t>(bytes.size()), cookie);
  });
  if (status != FAIRLEAD_OK) in_flight = was_in_flight;
  return status;
}

void fairlead_conn::queue(std::string bytes) {
  queued.push_back(std::move(bytes));
  pump();
}

void fairlead_conn::pump() {
  if (in_flight || queued.empty() || opened == 0 || closed != 0) return;
  const std::string& head = queued.front();
  // Two slices, so that gathering is always exercised.
  const size_t half = head.size() / 3;
  send({std::string_view(head).substr(0, half), std::string_view(head).substr(half)});
}

void fairlead_conn::set_reading(bool on) {
  paused = !on;
  slot(*this, [&](const fairlead_transport& plugin) {
    plugin.set_reading(handle, on ? 1 : 0);
    return 0;
  });
}

void fairlead_conn::close(int32_t mode) {
  slot(*this, [&](const fairlead_transport& plugin) {
    plugin.close(handle, mode);
    return 0;
  });
}

fairlead_status fairlead_conn::peer(fairlead_peer& out) {
  out = {};
  out.struct_size = sizeof out;
  return slot(*this, [&](const fairlead_transport& plugin) { return plugin.peer(handle, &out); });
}

void fairlead_conn::release() {
  if (std::exchange(released, true) || handle == nullptr) return;
  slot(*this, [&](const fairlead_transport& plugin) {
    plugin.release(handle);
    return 0;
  });
}

std::string fairlead_listener::address() const {
  fairlead_text out{};
  EXPECT_EQ(host->plugin().listener_address(handle, &out), FAIRLEAD_OK);
  return text_of(out);
}

FakeHost::FakeHost(fairlead_loop& loop, const fairlead_transport& plugin) : loop_(loop), plugin_(plugin) {
  table_.struct_size = sizeof table_;
  table_.abi_major = FAIRLEAD_ABI_MAJOR;
  table_.ctx = this;
  table_.log = [](void* ctx, int32_t, fairlead_text message) {
    static_cast<FakeHost*>(ctx)->log += text_of(message) + "\n";
  };
  table_.now_ns = [](void*) {
    return static_cast<uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
  };
  table_.count = [](void*, uint32_t, int64_t) {};
  table_.extension = &FakeHost::extension;
  peers_table_ = {
      sizeof peers_table_, 0,
      [](void* ctx, void (*visit)(void*, fairlead_text, fairlead_bytes), void* arg) {
        for (const auto& [key, name] : static_cast<FakeHost*>(ctx)->peers_)
          visit(arg, {name.data(), name.size()}, {reinterpret_cast<const uint8_t*>(key.data()), key.size()});
      },
      [](void* ctx, void (*changed)(void*), void* arg) {
        static_cast<FakeHost*>(ctx)->peers_changed_ = changed;
        static_cast<FakeHost*>(ctx)->peers_argument_ = arg;
      }};
  table_.counter = [](void*, const char*, const char*, const char*) { return 0u; };
  table_.secret = &FakeHost::secret;
  fill_loop_functions(table_);
  table_.accepted = &accepted;
  table_.opened = &opened;
  table_.rx_reserve = &rx_reserve;
  table_.rx_commit = &rx_commit;
  table_.rx_message = &rx_message;
  table_.tx_done = &tx_done;
  table_.tx_ready = &tx_ready;
  table_.closed = &closed;
}

FakeHost::~FakeHost() {
  const auto end = [](fairlead_conn& conn) {
    if (conn.handle == nullptr) return;
    if (conn.closed == 0) conn.close(FAIRLEAD_CLOSE_ABORT);
    EXPECT_EQ(conn.closed, 1) << "abort did not close";
    conn.release();
  };
  for (auto& listener : listeners_) {
    for (auto& conn : listener.accepted) end(conn);
    close_listener(listener);
  }
  for (auto& conn : dialled_) end(conn);
  if (self_ != nullptr) plugin_.destroy(self_);
  expect_clean_error_queue("destroy");
}

fairlead_status FakeHost::secret(void* ctx, fairlead_text name, fairlead_bytes* out) {
  const auto& self = *static_cast<FakeHost*>(ctx);
  if (text_of(name) != "the key" || self.key_.empty()) return FAIRLEAD_E_CREDENTIAL;
  *out = {reinterpret_cast<const uint8_t*>(self.key_.data()), self.key_.size()};
  return FAIRLEAD_OK;
}

const void* FakeHost::extension(void* ctx, const char* id) {
  if (std::string_view(id) == FAIRLEAD_DIAL_EXTENSION) return &fake_dial();
  return std::string_view(id) == FAIRLEAD_PEERS_EXTENSION ? &static_cast<FakeHost*>(ctx)->peers_table_
                                                          : nullptr;
}

void FakeHost::know_peers(std::map<std::string, std::string> peers) {
  peers_ = std::move(peers);
  if (peers_changed_ != nullptr) loop_.tasks.emplace_back(peers_changed_, peers_argument_);
}

template <class Call>
fairlead_status FakeHost::with_config(const FakeConfig& config, Call call) {
  std::vector<fairlead_value> values;
  for (const auto& [name, text] : config.texts)
    values.push_back({name.c_str(), FAIRLEAD_TEXT, 0, 0, {text.data(), text.size()}});
  for (const fairlead_option* option = plugin_.options; option->name != nullptr; ++option)
    if (const auto found = config.numbers.find(option->name); found != config.numbers.end())
      values.push_back({option->name, option->type, 0, found->second, {}});
  key_ = config.key;
  if (!key_.empty()) values.push_back({config.key_option, FAIRLEAD_SECRET, 0, 0, {"the key", 7}});
  const fairlead_config given = {sizeof given, static_cast<uint32_t>(values.size()), sizeof(fairlead_value),
                                 0, values.data()};
  error_ = {};
  status_ = call(given);
  std::fill(key_.begin(), key_.end(), '\0');  // borrowed for the call only
  expect_clean_error_queue("create or reconfigure");
  return status_;
}

fairlead_status FakeHost::create(const FakeConfig& config) {
  return with_config(
      config, [&](const fairlead_config& given) { return plugin_.create(&table_, &given, &self_, &error_); });
}

fairlead_status FakeHost::reconfigure(const FakeConfig& config) {
  return with_config(
      config, [&](const fairlead_config& given) { return plugin_.reconfigure(self_, &given, &error_); });
}

fairlead_listener* FakeHost::listen(std::string_view address) {
  fairlead_listener& listener = listeners_.emplace_back();
  listener.host = this;
  error_ = {};
  status_ =
      plugin_.listen(self_, &loop_, {address.data(), address.size()}, &listener, &listener.handle, &error_);
  if (status_ == FAIRLEAD_OK) return &listener;
  EXPECT_EQ(listener.handle, nullptr);
  listeners_.pop_back();
  return nullptr;
}

fairlead_conn* FakeHost::connect(std::string_view address) {
  fairlead_conn& conn = dialled_.emplace_back();
  conn.host = this;
  error_ = {};
  status_ = plugin_.connect(self_, &loop_, {address.data(), address.size()}, &conn, &conn.handle, &error_);
  if (status_ == FAIRLEAD_OK) return &conn;
  EXPECT_EQ(conn.handle, nullptr);
  dialled_.pop_back();
  return nullptr;
}

void FakeHost::close_listener(fairlead_listener& listener) {
  if (void* handle = std::exchange(listener.handle, nullptr)) plugin_.listener_close(handle);
}

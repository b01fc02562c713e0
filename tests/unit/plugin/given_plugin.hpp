/// A transport inside the test program: records what the kernel calls and does what the test says.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "plugin/connection_core.hpp"
#include "plugin/listener_core.hpp"
#include "plugin/loaded_transport.hpp"
#include "plugin/status.hpp"
#include "unit/loop/given_loop.hpp"

namespace fairlead::support {

/// Keeps the events that were logged.
class RecordingLog final : public base::Log {
 public:
  bool enabled(base::LogLevel) const noexcept override { return true; }
  void write(base::LogLevel, std::string_view event, std::initializer_list<base::Field> fields) override {
    std::string line(event);
    for (const base::Field& field : fields) line += " " + std::string(field.key) + "=" + field.value;
    lines.push_back(line);
  }
  size_t count(std::string_view part) const {
    size_t found = 0;
    for (const std::string& line : lines) found += line.find(part) != std::string::npos ? 1 : 0;
    return found;
  }
  std::vector<std::string> lines;
};

/// What the plugin does; each test replaces the steps that it is about.
struct ScriptedPlugin : fairlead_transport {
  ScriptedPlugin();

  const fairlead_host* host = nullptr;
  fairlead_loop* loop = nullptr;
  fairlead_conn* conn = nullptr;          ///< of the last connection
  fairlead_listener* listener = nullptr;  ///< of the last listener
  std::string calls;                      ///< one word for each slot that was called
  int destroyed = 0;
  std::function<fairlead_status(uint64_t cookie)> on_send = [](uint64_t) { return FAIRLEAD_OK; };
  std::function<void(int32_t mode)> on_close = [this](int32_t) {
    host->closed(conn, FAIRLEAD_E_CLOSED, plugin::text("closed locally"));
  };
  std::function<void()> on_connect = [] {};
  fairlead_peer peer_facts{};
};

/// Records what the kernel hears of one connection.
struct RecordedEvents : plugin::ConnectionEvents {
  void opened() override { note("opened"); }
  base::MutableByteView rx_reserve(size_t) override {
    note("reserve");
    return room;
  }
  plugin::RxAnswer rx_commit(size_t size) override {
    note("commit" + std::to_string(size));
    return plugin::RxAnswer::go_on;
  }
  plugin::RxAnswer rx_message(base::Slice whole) override {
    note("message" + std::to_string(whole.bytes.size()));
    held.push_back(std::move(whole));
    return plugin::RxAnswer::go_on;
  }
  void tx_done(uint64_t cookie, bool ok) override { note((ok ? "done" : "undone") + std::to_string(cookie)); }
  void tx_ready() override { note("ready"); }
  void closed(plugin::CloseReason why, std::string text) override {
    detail = std::move(text);
    note(std::string("closed-") + plugin::name(why));
    if (on_closed) on_closed();
  }
  void note(const std::string& what) { heard += (heard.empty() ? "" : " ") + what; }

  std::string heard, detail;
  base::Bytes room = base::Bytes(16);
  std::vector<base::Slice> held;
  std::function<void()> on_closed;
};

/// An instance of the scripted plugin on a real loop.
class GivenPlugin : public GivenLoop {
 protected:
  GivenPlugin();
  /// A connection that the plugin has reported as open.
  void connect();
  /// Runs `body` as the plugin does: inside a callback of its loop.
  void in_callback(std::function<void()> body);
  int64_t broken_promises() const { return instance->metrics().front().value; }

  ScriptedPlugin script;
  RecordingLog log;
  RecordedEvents events;
  std::unique_ptr<plugin::LoadedTransport> transport;
  std::unique_ptr<plugin::Instance> instance;
  std::unique_ptr<plugin::Connection> connection;
};

}  // namespace fairlead::support

/// ConnectionCore: one connection between plugin and kernel. Keeps both sides' calls apart: neither is
/// entered while it is on the stack, and what a plugin does wrong ends here.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "plugin/host.hpp"

namespace fairlead::plugin {

class ConnectionHandle;

/// [home]. Lives until the plugin's object is released and the kernel's Connection is destroyed.
class ConnectionCore final : public fairlead_conn, private Deferred {
 public:
  ConnectionCore(Host& host, void* plugin_side, ConnectionEvents* events);
  ~ConnectionCore() override;
  ConnectionCore(const ConnectionCore&) = delete;
  ConnectionCore& operator=(const ConnectionCore&) = delete;
  /// A connection of `plugin_side` (nullptr: connect() will say) and the kernel's end of it.
  static std::unique_ptr<ConnectionHandle> make(Host& host, void* plugin_side, ConnectionEvents* events);

  // What the plugin reports.
  void opened();
  fairlead_status rx_reserve(size_t want, base::MutableByteView& room);
  fairlead_status rx_commit(size_t size);
  fairlead_status rx_message(base::MutableByteView whole, void (*release)(void*), void* argument);
  void tx_done(uint64_t cookie, fairlead_status status);
  void tx_ready();
  void closed(fairlead_status why, std::string_view detail);

  // What the kernel asks for.
  SendAnswer send(std::span<const base::ByteView> slices, uint64_t cookie);
  void set_reading(Reading reading);
  void close(CloseMode mode);
  base::LinkFacts facts() const;
  Host& host() noexcept { return host_; }
  bool is_stream() const noexcept { return (host_.table().caps & FAIRLEAD_CAP_STREAM) != 0; }
  const base::Error* proxy_error() const noexcept { return proxy_error_ ? &*proxy_error_ : nullptr; }
  void abandon();

  // For whoever made it.
  void attach(void* plugin_side) noexcept { plugin_side_ = plugin_side; }
  void attach(ConnectionEvents* events) noexcept { events_ = events; }
  bool is_abandoned() const noexcept { return handle_ == nullptr; }
  /// The plugin keeps its object and hears nothing more of this connection.
  void disown();

 private:
  void settle() override;
  void deliver_opened();
  void deliver_early();
  void deliver_sent();
  void apply_wishes();
  void deliver_end();
  void call_close(CloseMode mode);
  void call_set_reading(Reading reading);
  fairlead_status answer(RxAnswer answer) noexcept;
  bool is_receiving(std::string_view call) noexcept;
  base::LinkFacts ask_facts() const;
  void end(fairlead_status why, std::string_view detail);

  Host& host_;
  void* plugin_side_;
  ConnectionEvents* events_;  ///< nullptr: the kernel does not listen (yet, or any more)
  ConnectionHandle* handle_ = nullptr;
  std::optional<base::LinkFacts> facts_;  ///< what was proved when it opened, or failed to
  std::optional<base::Slice> early_;      ///< a message that came before the kernel heard of opened()

  size_t room_ = 0;  ///< bytes lent by the last rx_reserve
  uint64_t cookie_ = 0;
  fairlead_status why_ = FAIRLEAD_OK;
  std::string detail_;
  std::optional<base::Error> proxy_error_;
  std::optional<CloseMode> wished_close_;
  std::optional<Reading> wished_reading_;
  Reading reading_ = Reading::on;
  bool was_opened_ = false, tell_opened_ = false;  ///< by the plugin; to the kernel
  bool is_in_flight_ = false, is_sending_ = false, tell_done_ = false, is_done_ok_ = false;
  bool owes_ready_ = false, tell_ready_ = false;
  bool has_ended_ = false, tell_end_ = false, is_released_ = false;
};

/// The kernel's end.
class ConnectionHandle final : public Connection {
 public:
  explicit ConnectionHandle(ConnectionCore& core) noexcept : core_(core) {}
  ~ConnectionHandle() override { core_.abandon(); }
  ConnectionHandle(const ConnectionHandle&) = delete;
  ConnectionHandle& operator=(const ConnectionHandle&) = delete;

  SendAnswer send(std::span<const base::ByteView> slices, uint64_t cookie) override {
    return core_.send(slices, cookie);
  }
  void set_reading(Reading reading) override { core_.set_reading(reading); }
  void close(CloseMode mode) override { core_.close(mode); }
  base::LinkFacts facts() const override { return core_.facts(); }
  bool is_stream() const noexcept override { return core_.is_stream(); }
  const base::Error* proxy_error() const noexcept override { return core_.proxy_error(); }
  ConnectionCore& core() noexcept { return core_; }

 private:
  ConnectionCore& core_;
};

}  // namespace fairlead::plugin

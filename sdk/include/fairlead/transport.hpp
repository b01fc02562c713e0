/// fairlead/transport.hpp - C++20 face of fairlead/transport.h. Header-only; a plugin never writes a C thunk.
/// Derive from Transport, Listener and Connection (or FdConnection for anything with a stream descriptor),
/// then end one .cpp with FAIRLEAD_EXPORT_TRANSPORT(MyTransport). Exceptions stop at the boundary. Everything
/// here is [home] unless it says otherwise; transport.h holds the contract of every call.
#pragma once
#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fairlead/detail/error.hpp"
#include "fairlead/transport.h"

namespace fairlead::transport {

/// Owns a file descriptor. [any]
class Fd {
 public:
  explicit Fd(int fd = -1) noexcept : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd();
  int get() const noexcept { return fd_; }

 private:
  int fd_;
};

/// Keeps a descriptor registered with a loop for the lifetime of this object. Throws Error(E_NO_RESOURCE)
/// when the kernel refuses. An exception that escapes `ready` is logged and goes no further.
class Watch {
 public:
  using Ready = std::function<void(uint32_t events)>;
  Watch(const fairlead_host& host, fairlead_loop* loop, int fd, uint32_t events, Ready ready);
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch() { host_.unwatch(watch_); }
  /// Asks for FAIRLEAD_READABLE | FAIRLEAD_WRITABLE; 0 is silence. Cheap when nothing changes.
  void want(uint32_t events) noexcept;

 private:
  static void entry(void* self, uint32_t events) noexcept;

  const fairlead_host& host_;
  Ready ready_;
  uint32_t wanted_;
  fairlead_watch* watch_ = nullptr;
};

/// One one-shot timer at a time; destroying it cancels it.
class Timer {
 public:
  Timer(const fairlead_host& host, fairlead_loop* loop) noexcept : host_(host), loop_(loop) {}
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer() { cancel(); }
  /// Replaces a timer that has not fired. False: the kernel has no timer to give, `fire` never runs.
  [[nodiscard]] bool start(uint64_t delay_ns, std::function<void()> fire);
  void cancel() noexcept;
  bool armed() const noexcept { return timer_ != nullptr; }

 private:
  static void entry(void* self) noexcept;

  const fairlead_host& host_;
  fairlead_loop* loop_;
  std::function<void()> fire_;
  fairlead_timer* timer_ = nullptr;
};

/// One outgoing TCP attempt through the host's "fairlead.dial/1"; destroying it gives up.
/// Throws Error with the host's status when no attempt could start, E_UNSUPPORTED without the extension.
class Dial {
 public:
  using Done = std::function<void(fairlead_status status, Fd fd, std::string_view detail)>;
  Dial(const fairlead_host& host, fairlead_loop* loop, std::string_view host_port, Done done);
  Dial(const Dial&) = delete;
  Dial& operator=(const Dial&) = delete;
  ~Dial();

 private:
  static void entry(void* self, fairlead_status status, int fd, fairlead_text detail) noexcept;

  const fairlead_host& host_;
  const fairlead_dial* table_;
  Done done_;
  fairlead_dialing* dialing_ = nullptr;
};

/// Reads the values of one instance; a view, valid as long as the fairlead_config it came from. [any]
class Config {
 public:
  Config(const fairlead_host& host, const fairlead_config& config) noexcept : host_(host), config_(config) {}
  /// Empty or the default when the option is absent.
  std::string_view text(std::string_view name) const noexcept;
  int64_t number(std::string_view name, int64_t absent = 0) const noexcept;
  bool flag(std::string_view name, bool absent = false) const noexcept { return number(name, absent) != 0; }
  /// The bytes of a SECRET, empty when the option is absent or empty. Inside create() and reconfigure() only.
  /// Throws Error(E_CREDENTIAL) naming the option.
  std::span<const uint8_t> secret(std::string_view name) const;
  /// Throws Error(E_CONFIG) naming the first option that is required and absent, or outside [min, max].
  void check(const fairlead_option* options, size_t stride) const;

 private:
  const fairlead_value* find(std::string_view name) const noexcept;

  const fairlead_host& host_;
  const fairlead_config& config_;
};

/// The plugin's side of one connection.
class Connection {
 public:
  explicit Connection(const fairlead_host& host) noexcept : host_(host) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  virtual ~Connection() = default;
  /// FAIRLEAD_OK takes the slices until tx_done(cookie), FAIRLEAD_AGAIN takes nothing. [home]
  virtual fairlead_status send(std::span<const fairlead_bytes> slices, uint64_t cookie) = 0;
  /// Off: no rx_* until on again. [home]
  virtual void set_reading(bool on) = 0;
  /// Idempotent; leads to finish(). [home]
  virtual void close(bool drain) = 0;
  /// Fills what is known; what it points to lives as long as this object. `out` starts out empty.
  virtual fairlead_status describe(fairlead_peer& out) const;
  void attach(fairlead_conn* kernel_side) noexcept { kernel_ = kernel_side; }

 protected:
  const fairlead_host& host() const noexcept { return host_; }
  fairlead_conn* kernel() const noexcept { return kernel_; }
  /// closed(), the first time only.
  void finish(fairlead_status why, std::string_view detail) noexcept;

 private:
  const fairlead_host& host_;
  fairlead_conn* kernel_ = nullptr;
  bool finished_ = false;
};

/// The plugin's side of one listener.
class Listener {
 public:
  /// Both outlive the listener. [home]
  Listener(const fairlead_host& host, fairlead_listener* kernel_side) noexcept
      : host_(host), kernel_(kernel_side) {}
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  virtual ~Listener() = default;
  /// The bound address, port 0 resolved.
  virtual std::string_view address() const = 0;

 protected:
  const fairlead_host& host() const noexcept { return host_; }
  /// Gives a freshly accepted connection to the kernel, or destroys it when the kernel refuses.
  void hand_over(std::unique_ptr<Connection> made) noexcept;

 private:
  const fairlead_host& host_;
  fairlead_listener* kernel_;
};

/// What a plugin says about itself; FAIRLEAD_EXPORT_TRANSPORT adds the slots and the header's own fields.
struct About {
  uint32_t caps = 0;         ///< FAIRLEAD_CAP_*
  const char* id = "";       ///< reverse domain, e.g. "org.example.unix"
  const char* version = "";  ///< semver
  const char* vendor = "";
  const char* license = "";
  const char* summary = "";
  const char* const* schemes = nullptr;      ///< ends with nullptr
  const fairlead_option* options = nullptr;  ///< ends with a nameless option
  uint16_t needs_host_minor = 0;
};

/// One instance of the plugin. T(const fairlead_host&, const fairlead_config&) is its create().
class Transport {
 public:
  explicit Transport(const fairlead_host& host) noexcept : host_(host) {}
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  virtual ~Transport() = default;
  /// Throws Error when it cannot; unless overridden always. [home]
  virtual std::unique_ptr<Listener> listen(fairlead_loop*, std::string_view address, fairlead_listener*);
  /// Starts connecting without blocking; throws Error when that is impossible. [home]
  virtual std::unique_ptr<Connection> connect(fairlead_loop*, std::string_view address, fairlead_conn*);
  /// Affects later handshakes only; on a throw the old configuration holds.
  virtual void reconfigure(const fairlead_config&) {}
  const fairlead_host& host() const noexcept { return host_; }

 private:
  const fairlead_host& host_;
};

/// Accepts from a listening descriptor. When descriptors or memory run out it pauses and tries again later,
/// instead of spinning on a level-triggered loop. An exception from `take` costs that one connection.
class Acceptor {
 public:
  using Take = std::function<void(Fd accepted)>;  ///< non-blocking and close-on-exec already
  Acceptor(const fairlead_host& host, fairlead_loop* loop, Fd listening, Take take);
  int fd() const noexcept { return fd_.get(); }

 private:
  void accept_some();
  void pause(int os_errno);

  const fairlead_host& host_;
  Fd fd_;
  Take take_;
  Timer again_;
  Watch watch_;
};

/// A connection over one non-blocking stream descriptor: partial writes, backpressure both ways, drain,
/// abort. As it stands it moves clear bytes; a transport with its own encoding overrides the protected steps.
class FdConnection : public Connection {
 public:
  /// `fd` is connected, or connecting without blocking.
  FdConnection(const fairlead_host& host, fairlead_loop* loop, Fd fd);
  /// Dials "host:port" first.
  FdConnection(const fairlead_host& host, fairlead_loop* loop, std::string_view host_port);

  fairlead_status send(std::span<const fairlead_bytes> slices, uint64_t cookie) final;
  void set_reading(bool on) final;
  void close(bool drain) final;

 protected:
  /// The descriptor is connected; once. A handshake starts here; the default calls established().
  virtual void connected() { established(); }
  /// The socket may be readable, or reading was switched on again. The default reads into the kernel's room.
  virtual void receive();
  /// Writes what it can of unsent(); true when every byte is with the socket, false when it is full.
  virtual bool transmit();
  /// The last bytes before the write side ends are to be made (a TLS close_notify); transmit() sends them.
  virtual void farewell() {}
  /// Whether receive() could deliver bytes without the socket becoming readable.
  virtual bool holds_input() const noexcept { return false; }

  /// Reports opened(); receive() and transmit() carry payload from now on.
  void established();
  /// Reports every outstanding event and closed(), once; the peer sees the end at once.
  void end(fairlead_status why, std::string_view detail) noexcept;
  /// As end(), but first flushes and waits briefly for the peer's end, so that it can read the last bytes.
  /// This verdict stands whatever happens to the descriptor meanwhile.
  void end_after_farewell(fairlead_status why, std::string_view detail);
  /// What transmit() has to send: slices of the send in flight, advanced by consume().
  std::span<iovec> unsent() noexcept { return std::span(slices_).subspan(first_); }
  void consume(size_t bytes) noexcept;
  /// Stops receive() until set_reading(1); to be called when rx_* did not answer OK.
  void stop_reading() noexcept { reading_ = false; }
  bool reading() const noexcept { return reading_; }
  /// Runs transmit() and what follows from it; for bytes that no send() brought, such as a handshake's.
  void push();
  bool ended() const noexcept { return state_ == State::kEnded; }
  bool is_opening() const noexcept { return state_ == State::kOpening; }
  bool is_open() const noexcept { return state_ == State::kOpen; }
  int fd() const noexcept { return fd_.get(); }

 private:
  enum class State { kDialling, kConnecting, kOpening, kOpen, kLeaving, kDiscarding, kEnded };

  void dialled(fairlead_status status, Fd fd, std::string_view detail);
  void adopt(Fd fd);
  void ready(uint32_t events);
  void begin();
  void complete(fairlead_status status) noexcept;
  void take_input();
  void discard();
  void update() noexcept;
  template <class Body>
  void guarded(Body body) noexcept;

  fairlead_loop* loop_;
  State state_;
  bool reading_ = true, starved_ = false, closing_ = false, in_flight_ = false, blocked_ = false,
       peer_ended_ = false;
  std::vector<iovec> slices_;
  size_t first_ = 0;
  uint64_t cookie_ = 0;
  fairlead_status why_ = FAIRLEAD_E_CLOSED;  // what closed() reports once the leaving is over
  std::string detail_ = "closed locally";
  Fd fd_;
  Timer soon_;
  std::optional<Watch> watch_;
  std::optional<Dial> dial_;
};

/// A listener over one listening descriptor: each descriptor that it accepts becomes a connection.
class FdListener : public Listener {
 public:
  /// `listening` is non-blocking, bound and listening; `address` is where, port 0 resolved. `on_close` runs
  /// before the descriptor is closed, for what else there is to remove; it must not throw. [home]
  FdListener(const fairlead_host& host, fairlead_loop* loop, Fd listening, std::string address,
             fairlead_listener* kernel_side, std::function<void()> on_close = {});
  ~FdListener() override;
  std::string_view address() const override { return address_; }

 protected:
  /// The connection over an accepted descriptor, which is non-blocking and close-on-exec. The default moves
  /// clear bytes. A throw costs that one connection.
  virtual std::unique_ptr<Connection> take(Fd accepted);

 private:
  fairlead_loop* loop_;
  std::string address_;
  std::function<void()> on_close_;
  Acceptor acceptor_;
};

}  // namespace fairlead::transport

#include "fairlead/detail/fd_connection.ipp"
#include "fairlead/detail/handles.ipp"
#include "fairlead/detail/thunks.ipp"

/// Exports T. T supplies: static constexpr About about, and T(const fairlead_host&, const fairlead_config&).
#define FAIRLEAD_EXPORT_TRANSPORT(T) \
  constinit const fairlead_transport fairlead_transport_v1 = ::fairlead::transport::detail::table<T>()

/// Host: what one plugin instance lives in. Knows when the plugin is on the stack and what waits until it is
/// not.
#pragma once
#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "fairlead/peers.h"
#include "plugin/handles.hpp"
#include "plugin/presence.hpp"
#include "plugin/transport.hpp"

namespace fairlead::plugin {

class Host;
class OptionValues;
class Watchdog;

/// What every instance of one plugin shares.
struct Plugin {
  const fairlead_transport* table = nullptr;
  std::string id, path;
  std::vector<std::string> schemes;
  std::vector<fairlead_option> options;
  bool is_trusted_link = false;
  std::shared_ptr<Watchdog> watchdog;  ///< owners: its node and this; null: nobody looks
};

/// Something with work to do as soon as the plugin is not on the stack.
class Deferred {
 public:
  virtual ~Deferred() = default;
  /// Does that work; may destroy this object unless it was deferred anew meanwhile.
  virtual void settle() = 0;

 protected:
  bool is_queued() const noexcept { return is_queued_; }

 private:
  friend class Host;
  bool is_queued_ = false;
};

/// Memory lent by a message transport; goes back to the plugin when the last reference is dropped.
struct LentBlock;

/// [home] unless it says otherwise. Owns the plugin's instance and is owned by the kernel's Instance; left
/// alone, it stays until everything the plugin still has to end has ended.
class Host final {
 public:
  Host(std::shared_ptr<const Plugin> plugin, base::Log& log);
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;
  /// The kernel is done with the instance.
  static void retire(std::unique_ptr<Host> host);

  const Plugin& plugin() const noexcept { return *plugin_; }
  const fairlead_transport& table() const noexcept { return *plugin_->table; }
  const fairlead_host& host_table() const noexcept { return host_table_; }
  const fairlead_dial& dial_table() const noexcept { return dial_table_; }
  base::Log& log() noexcept { return log_; }

  /// By which way the plugin's connections are dialled; null: directly.
  void dial_through(std::shared_ptr<const loop::Proxy> proxy) noexcept { proxy_ = std::move(proxy); }
  const std::shared_ptr<const loop::Proxy>& proxy() const noexcept { return proxy_; }
  /// How many connections the plugin asked the kernel to dial.
  uint64_t dials() const noexcept { return dials_; }
  void note_dial() noexcept { ++dials_; }
  const fairlead_peers& peers_table() const noexcept { return peers_table_; }
  /// Whose keys are proved, and our own; from the credentials. The plugin hears of other ones.
  void know_peers(base::Bytes own_key, std::vector<PeerKey> peers);
  const std::vector<PeerKey>& peer_keys() const noexcept { return peer_keys_; }
  const base::Bytes& own_key() const noexcept { return own_key_; }
  /// [home] Whom to call after a change; null: nobody.
  void on_peers_changed(void (*changed)(void*), void* argument) noexcept {
    peers_changed_ = changed;
    peers_argument_ = argument;
  }

  /// The last attempt that a proxy ended, if these are its words: the ABI carries words and a status alone.
  std::optional<base::Error> proxy_error(std::string_view words) const {
    return proxy_error_.text.empty() || words != proxy_error_.text ? std::nullopt
                                                                   : std::optional(proxy_error_);
  }
  void note_proxy_error(const base::Error& error) { proxy_error_ = error; }

  /// [load] create(), with these values; reconfigure() for a later set. The secrets live as long as `values`.
  base::Status create(const OptionValues& values);
  base::Status reconfigure(const OptionValues& values);
  fairlead_status secret(std::string_view name, fairlead_bytes& out) const noexcept;
  void* self() const noexcept { return self_; }

  /// Binds the instance to its home loop; fails for a second, other one.
  base::Result<fairlead_loop*> home(loop::Loop& loop);
  /// The host behind a handle that home() gave.
  static Host& of(fairlead_loop* loop) noexcept { return *static_cast<Home*>(loop)->host; }
  loop::Loop* loop() const noexcept { return home_.loop; }
  /// [any]
  fairlead_status post(void (*task)(void*), void* argument);
  /// [any] Monotonic time of the home loop, of the system before there is one.
  uint64_t now_ns() const noexcept;

  /// Runs plugin code for the kernel; what the plugin reports meanwhile is handled at the end of the loop's
  /// turn. False when it threw: a plugin without the SDK's thunks may.
  template <class Body>
  bool slot(const char* what, Body&& body) {
    const bool is_fine = enter(what, body);
    if (depth_ == 0 && !is_flushing_) schedule_flush();
    return is_fine;
  }
  /// Runs a plugin's callback for the loop, then handles what it reported. The host may be gone afterwards.
  template <class Body>
  void callback(const char* what, Body&& body) {
    enter(what, body);
    if (depth_ == 0) flush();
  }
  /// Runs code of the kernel that the plugin called: whatever time it takes is not the plugin's.
  template <class Body>
  auto inside_kernel(Body&& body) {
    presence_->leave();
    const auto answer = body();
    presence_->enter_again();
    return answer;
  }
  /// Is plugin code on the stack? Then it must not be entered again.
  bool is_inside() const noexcept { return depth_ > 0; }
  bool is_flushing() const noexcept { return is_flushing_; }
  void defer(Deferred& one);
  void undefer(Deferred& one) noexcept;

  /// Room for the arguments of one send(); empty it before use.
  std::vector<fairlead_bytes>& scratch() noexcept { return scratch_; }
  /// The instance lives until as many leave() as join() were called. One for each listener and connection.
  void join() noexcept { ++members_; }
  void leave() noexcept { --members_; }
  base::Slice lend(base::MutableByteView bytes, void (*release)(void*), void* argument);

  /// [any] Is this the home loop's thread? If not, a promise was broken by `call`.
  bool is_at_home(const char* call) noexcept;
  /// A promise of the ABI that the plugin broke: counted, and logged the first time.
  void violated(std::string_view promise) noexcept;
  /// [any] Rate-limited.
  void plugin_log(int32_t level, std::string_view message);
  uint32_t counter(std::string_view name, std::string_view unit, std::string_view help);
  void count(uint32_t metric, int64_t delta) noexcept;
  std::vector<Metric> metrics() const;

 private:
  friend struct LentBlock;
  struct Home : fairlead_loop {
    Host* host = nullptr;
    loop::Loop* loop = nullptr;
  };
  struct Counter {
    Metric about;
    std::atomic<int64_t> value{0};
  };

  template <class Body>
  bool enter(const char* what, Body&& body) {
    if (depth_++ == 0) presence_->enter(what);
    bool is_fine = true;
    try {
      body();
    } catch (const std::exception& error) {
      is_fine = threw(what, error.what());
    } catch (...) {
      is_fine = threw(what, "unknown exception");
    }
    if (--depth_ == 0) presence_->leave();
    return is_fine;
  }
  bool threw(const char* what, const char* error) noexcept;
  void flush();
  void schedule_flush();
  void take_back(LentBlock* block);
  void give_back_now(std::unique_ptr<LentBlock> block);
  bool is_idle() const noexcept;
  void end_if_retired();

  const std::shared_ptr<const Plugin> plugin_;  ///< owners: the Transport and the hosts of its instances
  base::Log& log_;
  const std::shared_ptr<Presence> presence_;  ///< shared with a look of the watchdog
  fairlead_host host_table_;
  fairlead_dial dial_table_;
  fairlead_peers peers_table_;
  base::Bytes own_key_;
  std::vector<PeerKey> peer_keys_;
  void (*peers_changed_)(void*) = nullptr;
  void* peers_argument_ = nullptr;
  std::shared_ptr<const loop::Proxy> proxy_;  ///< owners: who configures, this host, its attempts
  uint64_t dials_ = 0;
  base::Error proxy_error_;
  void* self_ = nullptr;
  const OptionValues* values_ = nullptr;  ///< during create() and reconfigure()
  Home home_;
  base::SystemClock system_clock_;
  std::atomic<const base::Clock*> clock_;

  int depth_ = 0;
  bool is_flushing_ = false, is_flush_scheduled_ = false, is_retired_ = false;
  std::vector<Deferred*> deferred_;
  std::vector<fairlead_bytes> scratch_;
  std::unique_ptr<LentBlock> returned_;  ///< a list: dropped while the plugin was on the stack
  size_t members_ = 0;
  std::atomic<size_t> lent_ = 0, posts_ = 0;

  std::deque<Counter> counters_;
  std::atomic<int64_t> log_second_ = 0, log_lines_ = 0;
};

}  // namespace fairlead::plugin

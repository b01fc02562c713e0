/// A small poll-based kernel for transport tests: one loop, one thread, real sockets, real time only as a
/// deadline. It checks on every call what transport.h promises about order, re-entry and the OpenSSL error
/// queue.
#pragma once
#include <fairlead/peers.h>
#include <fairlead/transport.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

class FakeHost;

struct fairlead_watch {
  fairlead_loop* loop;
  int fd;
  uint32_t events;
  void (*ready)(void*, uint32_t);
  void* arg;
  bool dead = false;
};

struct fairlead_timer {
  fairlead_loop* loop;
  std::chrono::steady_clock::time_point due;
  void (*fire)(void*);
  void* arg;
  bool dead = false;
};

/// The loop: runs ready descriptors, due timers and posted tasks until a condition holds.
struct fairlead_loop {
  /// False when `done` does not hold within ten seconds.
  bool run_until(const std::function<bool()>& done);
  /// One round of poll, without waiting.
  void turn(int wait_ms = 0);
  int turns() const { return turns_; }

  std::list<fairlead_watch> watches;
  std::list<fairlead_timer> timers;
  std::deque<std::pair<void (*)(void*), void*>> tasks;
  int callback_depth = 0, slot_depth = 0;
  int refuse_watches_after = -1;  ///< the n-th watch() from now fails; negative: none

 private:
  int turns_ = 0;
};

/// Kernel side of a connection: a log of its events and what the test wants to answer.
struct fairlead_conn {
  FakeHost* host;
  void* handle = nullptr;
  int opened = 0, closed = 0, tx_ready = 0;
  fairlead_status why = 0;
  std::string detail;
  std::string received;
  size_t pause_at = SIZE_MAX;  ///< rx_commit answers AGAIN once so many bytes have come
  size_t lend_at_most = 65'536;
  bool paused = false, released = false, echo = false;
  std::vector<std::pair<uint64_t, fairlead_status>> done;
  std::vector<std::string> messages;  ///< of a message transport, one each

  /// Slots of the plugin, with the checks.
  fairlead_status send(const std::vector<std::string_view>& slices, uint64_t cookie = 1);
  /// Keeps the bytes until tx_done; sends as soon as the one before is done.
  void queue(std::string bytes);
  void set_reading(bool on);
  void close(int32_t mode);
  fairlead_status peer(fairlead_peer& out);
  void release();

  std::deque<std::string> queued;
  bool in_flight = false;
  std::vector<uint8_t> room;
  void pump();
};

struct fairlead_listener {
  FakeHost* host;
  void* handle = nullptr;
  std::list<fairlead_conn> accepted;
  bool refuse = false;
  bool echo = false;
  size_t pause_at = SIZE_MAX;
  std::string address() const;
};

/// Values of an instance by name; numbers for the numeric options.
struct FakeConfig {
  std::map<std::string, std::string> texts;
  std::map<std::string, int64_t> numbers;
  std::string key;  ///< what secret("key") answers; empty: the option is absent
  const char* key_option = "key";
};

/// One instance of the plugin under test and its host table.
class FakeHost {
 public:
  FakeHost(fairlead_loop& loop, const fairlead_transport& plugin);
  FakeHost(const FakeHost&) = delete;
  FakeHost& operator=(const FakeHost&) = delete;
  ~FakeHost();

  fairlead_status create(const FakeConfig& config);
  fairlead_status reconfigure(const FakeConfig& config);
  /// Null with status() and error() set when the plugin refuses.
  fairlead_listener* listen(std::string_view address);
  fairlead_conn* connect(std::string_view address);
  void close_listener(fairlead_listener& listener);

  fairlead_status status() const { return status_; }
  std::string error() const { return {error_.text, error_.text_size}; }
  const fairlead_transport& plugin() const { return plugin_; }
  fairlead_loop& loop() { return loop_; }
  const fairlead_host& table() const { return table_; }
  std::string log;

  /// What "fairlead.peers/1" answers: key -> name. Tells the plugin.
  void know_peers(std::map<std::string, std::string> peers);

 private:
  template <class Call>
  fairlead_status with_config(const FakeConfig& config, Call call);
  static fairlead_status secret(void* ctx, fairlead_text name, fairlead_bytes* out);

  fairlead_loop& loop_;
  const fairlead_transport& plugin_;
  fairlead_host table_{};
  void* self_ = nullptr;
  std::string key_;
  static const void* extension(void* ctx, const char* id);
  fairlead_peers peers_table_{};
  std::map<std::string, std::string> peers_;
  void (*peers_changed_)(void*) = nullptr;
  void* peers_argument_ = nullptr;
  fairlead_status status_ = FAIRLEAD_OK;
  fairlead_error error_{};
  std::list<fairlead_listener> listeners_;
  std::list<fairlead_conn> dialled_;
};

/// Fills the members of a host table that concern loops and descriptors; the dial extension likewise.
void fill_loop_functions(fairlead_host& table);
const fairlead_dial& fake_dial();
/// Fails the test when a plugin call left an OpenSSL error behind.
void expect_clean_error_queue(const char* where);

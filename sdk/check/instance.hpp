/// One instance of the plugin under test, its listener, and the host table that it is given.
#pragma once
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "values.hpp"
#include "world.hpp"

namespace fairlead::check {

/// The kit's side of one listener; accepted connections end up in `accepted`.
struct Listening final : fairlead_listener {
  World* world = nullptr;
  const fairlead_transport* table = nullptr;
  void* object = nullptr;
  std::vector<Conn*> accepted;
  bool refuses = false;  ///< wants no more connections
  std::function<void(Conn&)> on_accepted{};
};

class Instance {
 public:
  Instance(World& world, const fairlead_transport& table, const Options& options);
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;
  /// Closes the listener and destroys the instance, when there are any.
  ~Instance() { end(); }

  /// create(); does not fail the check.
  fairlead_status create(fairlead_error& error);
  /// create(), which must succeed.
  void demand_create();
  /// listen(); does not fail the check.
  fairlead_status listen(const std::string& address, fairlead_error& error);
  /// listen(), which must succeed; returns the resolved address.
  std::string demand_listen(const std::string& address);
  std::string address();
  void close_listener();
  /// connect(); the connection has an object only when the answer was OK.
  Conn& connect(const std::string& address, fairlead_status& status, fairlead_error& error);
  /// connect(), which must not be refused.
  Conn& demand_connect(const std::string& address);
  void end();

  World& world() noexcept { return world_; }
  const fairlead_transport& table() const noexcept { return table_; }
  Values& values() noexcept { return values_; }
  Listening& listening() noexcept { return listening_; }
  /// What "fairlead.peers/1" tells.
  void set_peers(const Peers& peers) { peers_ = peers; }
  const Peers& peers() const noexcept { return peers_; }
  void* self() const noexcept { return self_; }
  const std::string& log() const noexcept { return log_; }
  // For the host table. [any] for note_log.
  void note_log(std::string_view line);
  uint32_t counter(std::string_view name);
  bool is_creating() const noexcept { return is_creating_; }

 private:
  World& world_;
  const fairlead_transport& table_;
  Values values_;
  Peers peers_;
  fairlead_host host_;
  Listening listening_;
  void* self_ = nullptr;
  bool is_creating_ = false;
  std::mutex lock_;  // log_
  std::string log_;
  std::vector<std::string> counters_;
};

}  // namespace fairlead::check

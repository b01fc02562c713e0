/// Presence: whether code of one plugin instance is on its loop's stack, readable from another thread.
/// Written by Host, read by Watchdog.
#pragma once
#include <atomic>
#include <cstdint>
#include <string>
#include <utility>

namespace fairlead::plugin {

class Presence {
 public:
  explicit Presence(std::string plugin) : plugin_(std::move(plugin)) {}

  /// [home] The plugin's code is entered by `call`, a text that lives for ever, or is left.
  void enter(const char* call) noexcept {
    call_.store(call, std::memory_order_relaxed);
    turn();
  }
  void leave() noexcept { turn(); }
  /// [home] Back to the call that was left for the kernel's own code.
  void enter_again() noexcept { turn(); }

  /// [any] Changes with each entering and leaving; odd while the plugin's code is on the stack.
  uint64_t turns() const noexcept { return turns_.load(std::memory_order_acquire); }
  /// [any] The last call that was entered.
  const char* call() const noexcept { return call_.load(std::memory_order_relaxed); }
  const std::string& plugin() const noexcept { return plugin_; }  ///< [any]

 private:
  // Only one thread writes, so no read-modify-write is needed: two plain stores for each entering of a
  // plugin.
  void turn() noexcept {
    turns_.store(turns_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }

  const std::string plugin_;
  std::atomic<const char*> call_{""};
  std::atomic<uint64_t> turns_{0};
};

}  // namespace fairlead::plugin

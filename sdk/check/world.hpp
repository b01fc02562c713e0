/// Everything that one check's plugin instances share: the loop, the rules, faults to inject, connections.
/// It is the handle `fairlead_loop` that the plugin sees.
#pragma once
#include <deque>
#include <functional>
#include <memory>
#include <string_view>

#include "conn.hpp"
#include "handles.hpp"
#include "loop.hpp"
#include "rules.hpp"

namespace fairlead::check {

/// Makes one call of the host fail: the `fail_at`-th of those that may fail.
struct Faults {
  uint64_t fail_at = 0;  ///< 0: none
  uint64_t calls = 0;
  std::string_view struck{};  ///< which call it was
  /// True when this call is the one.
  bool strike(std::string_view call) noexcept {
    if (++calls != fail_at) return false;
    struck = call;
    return true;
  }
};

/// What is running now, as far as the rules care.
enum class Inside { nothing, slot, callback };

class World final : public fairlead_loop {
 public:
  /// The check's own thread becomes the home of the loop. `judged`: the rules that end a wait.
  explicit World(uint32_t judged = 0)
      : judged_(judged), loop_(breaches_, {[this] { inside_ = Inside::callback; }, [this] { leave(); }}) {}
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  Loop& loop() noexcept { return loop_; }
  Breaches& breaches() noexcept { return breaches_; }
  Faults& faults() noexcept { return faults_; }
  Inside inside() const noexcept { return inside_; }
  /// Notes a breach when this is not the home thread. [any]
  bool at_home(const char* call);

  /// Calls a slot of the plugin; afterwards connections that have ended are released, as the kernel would.
  template <class Body>
  void slot(Body&& body) {
    inside_ = Inside::slot;
    body();
    leave();
  }
  /// A new connection, which lives as long as the world.
  Conn& make_conn(const fairlead_transport& table, Conn::Side side);
  const std::deque<std::unique_ptr<Conn>>& conns() const noexcept { return conns_; }

  /// Runs the loop until `holds`; fails with `what` after `limit_ms`, or at once on a judged breach.
  void until(const std::function<bool()>& holds, std::string_view what, int limit_ms = 5'000);
  /// The same, but answers whether it came to hold.
  bool comes(const std::function<bool()>& holds, int limit_ms);
  /// Runs what is due now, a few turns without waiting.
  void rest();
  /// Aborts what is still open, and waits until everything is released.
  void end_all();
  /// Drops every connection, all of which are over; a late event still finds those of the last time.
  void forget_conns();
  /// Fails on a judged breach.
  void judge() const;
  /// Called after plugin code returned.
  std::function<void()> after_entry{};

 private:
  void leave();

  uint32_t judged_;
  Breaches breaches_;
  Loop loop_;
  Faults faults_;
  Inside inside_ = Inside::nothing;
  std::deque<std::unique_ptr<Conn>> conns_, former_conns_;
};

}  // namespace fairlead::check

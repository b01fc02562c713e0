/// Breaches of the contract that the host side sees while a plugin calls it. They are only noted there, since
/// nothing may be thrown through a plugin; the check that owns the rule reports them.
#pragma once
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace fairlead::check {

/// What a breach is about; a mask, so that a check can name the rules it judges.
enum Rule : uint32_t {
  kOrder = 1U << 0,      ///< opened, bytes, closed, release; what may be called from where
  kEnd = 1U << 1,        ///< closed() once
  kGivenBack = 1U << 2,  ///< tx_done exactly once
  kReading = 1U << 3,    ///< rx_* while reading is off
  kMessage = 1U << 4,    ///< rx_message release, room overrun
  kThread = 1U << 5,     ///< a [home] function on another thread
  kHandle = 1U << 6,     ///< dead or foreign watches, timers, dialings; a watched descriptor closed
  kReady = 1U << 7,      ///< tx_ready without a reason
  kHygiene = 1U << 8,    ///< thread-local state left dirty
};

/// The breaches of one world. [any]
class Breaches {
 public:
  void note(Rule rule, std::string what);
  /// The first one under `mask`.
  std::optional<std::string> first(uint32_t mask) const;

 private:
  struct Breach {
    Rule rule;
    std::string what;
  };
  mutable std::mutex lock_;
  std::vector<Breach> all_;
};

}  // namespace fairlead::check

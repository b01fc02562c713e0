/// ScriptedPeer: a TCP peer that answers with bytes of the test's own, for answers that no real server gives.
#pragma once
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "kit/descriptor.hpp"

namespace fairlead::support {

/// Runs on a thread of its own from construction to destruction, one connection at a time.
class ScriptedPeer {
 public:
  /// What it does on one connection: each answer follows something that it reads.
  struct Script {
    std::vector<std::string> answers{};
    /// What is repeated after them, without end, until the other side has closed; empty: nothing.
    std::string endless{};
    enum class End { closes, waits } end = End::closes;  ///< waits: until the other side has closed
  };
  /// One script a connection; those after the last one play the last one again.
  explicit ScriptedPeer(std::vector<Script> scripts);
  ScriptedPeer(const ScriptedPeer&) = delete;
  ScriptedPeer& operator=(const ScriptedPeer&) = delete;
  ~ScriptedPeer();

  const std::string& port() const noexcept { return port_; }
  /// Everything that was read so far, all connections one after another.
  std::string received() const;
  /// Waits until a connection that it had has ended; false when that takes too long.
  bool has_lost_one() const;

 private:
  void run();
  void play(int fd, const Script& script);

  std::vector<Script> scripts_;
  kit::Descriptor listening_;
  std::string port_;
  mutable std::mutex mutex_;
  std::string received_;
  size_t ended_ = 0;
  std::thread thread_;
};

}  // namespace fairlead::support

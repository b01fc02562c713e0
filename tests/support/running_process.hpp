/// RunningProcess: a child process with pipes and deadlines, for tests of real programs. POSIX only.
#pragma once
#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "kit/descriptor.hpp"

namespace fairlead::support {

/// How long anything may take before a test gives up on it.
inline constexpr std::chrono::milliseconds kPatience{20'000};

/// What a process left behind.
struct Finished {
  int code = -1;  ///< exit code; 128 + the signal's number when one ended it; -1: still running
  std::string out{}, err{};
  std::chrono::microseconds processor{0};  ///< time of its own, user and system
  long peak_kib = 0;                       ///< most memory it had resident
};

/// Starts on construction, as the leader of a process group; the group is killed and its leader waited for on
/// destruction. One thread.
class RunningProcess {
 public:
  struct Options {
    std::string input{};                     ///< standard input
    std::vector<std::string> environment{};  ///< "NAME=value", beside PATH
    std::string folder{};                    ///< working directory; empty: the test's own
    int inherited = -1;                      ///< a descriptor that becomes number 3
  };
  /// `arguments` begin with the program's path.
  explicit RunningProcess(const std::vector<std::string>& arguments) : RunningProcess(arguments, {}) {}
  RunningProcess(const std::vector<std::string>& arguments, const Options& options);
  RunningProcess(const RunningProcess&) = delete;
  RunningProcess& operator=(const RunningProcess&) = delete;
  ~RunningProcess();

  /// The next line of its standard output; nothing when it ends or takes too long.
  std::optional<std::string> read_line(std::chrono::milliseconds limit = kPatience);
  /// Waits until its standard error has this text; false when it ends or takes too long.
  bool wait_for_error(const std::string& text, std::chrono::milliseconds limit = kPatience);
  void signal(int number) const;
  /// A figure of /proc/PID/status in KiB, such as memory("VmRSS"); ends the test program when there is none.
  long memory(const std::string& name) const;
  /// -1 once it was waited for.
  pid_t pid() const noexcept { return pid_; }
  /// Waits for its end. The code is -1 when it still runs at the limit.
  Finished finish(std::chrono::milliseconds limit = kPatience);
  /// Everything on standard error so far.
  const std::string& errors() const noexcept { return err_; }

 private:
  using Deadline = std::chrono::steady_clock::time_point;
  /// Takes in what there is; false when both streams have ended or the deadline has passed.
  bool read_more(Deadline deadline);
  void spawn(const std::vector<std::string>& arguments, const Options& options, int out, int err);

  pid_t pid_ = -1;
  kit::Descriptor out_fd_, err_fd_;
  std::string out_, err_;
  size_t read_ = 0;  ///< of out_, given as lines
};

}  // namespace fairlead::support

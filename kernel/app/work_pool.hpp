/// WorkPool: a few threads for what would block a node's loop: commands and files.
#pragma once
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "kit/descriptor.hpp"

namespace fairlead::app {

/// Jobs run in order of submission, at most `running` at once, at most `waiting` more are kept.
/// Thread rule: any thread, but destroyed by one that is not a job.
class WorkPool {
 public:
  /// Gets a descriptor that becomes readable when the job should give up at once.
  using Job = std::function<void(int give_up)>;

  WorkPool(size_t running, size_t waiting);
  WorkPool(const WorkPool&) = delete;
  WorkPool& operator=(const WorkPool&) = delete;
  /// Tells running jobs to give up, drops waiting ones, waits for the threads.
  ~WorkPool();

  /// False: too much waits already; the job is not taken.
  [[nodiscard]] bool submit(Job job);
  /// Nothing runs and nothing waits, within the time.
  bool wait_idle(std::chrono::milliseconds limit);

 private:
  void work();

  const size_t most_running_, most_waiting_;
  kit::Descriptor give_up_;
  std::mutex mutex_;
  std::condition_variable wake_, idle_;
  std::deque<Job> jobs_;
  size_t busy_ = 0;
  bool ending_ = false;
  std::vector<std::thread> threads_;  ///< started when they are needed
};

}  // namespace fairlead::app

#include "app/work_pool.hpp"

#include <sys/eventfd.h>

#include "base/assert.hpp"

namespace fairlead::app {

WorkPool::WorkPool(size_t running, size_t waiting)
    : most_running_(running), most_waiting_(waiting), give_up_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  FAIRLEAD_ASSERT(give_up_ && running > 0);
}

WorkPool::~WorkPool() {
  std::deque<Job> dropped;
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    dropped.swap(jobs_);
  }
  ::eventfd_write(give_up_.get(), 1);
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

bool WorkPool::submit(Job job) {
  const std::lock_guard lock(mutex_);
  // A job that no thread has picked up yet counts like one that runs.
  if (ending_ || busy_ + jobs_.size() >= most_running_ + most_waiting_) return false;
  if (busy_ + jobs_.size() >= threads_.size() && threads_.size() < most_running_)
    threads_.emplace_back([this] { work(); });
  jobs_.push_back(std::move(job));
  wake_.notify_one();
  return true;
}

bool WorkPool::wait_idle(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return idle_.wait_for(lock, limit, [this] { return busy_ == 0 && jobs_.empty(); });
}

void WorkPool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return ending_ || !jobs_.empty(); });
    if (ending_) return;
    {
      const Job job = std::move(jobs_.front());
      jobs_.pop_front();
      ++busy_;
      lock.unlock();
      job(give_up_.get());
    }
    lock.lock();
    --busy_;
    if (busy_ == 0 && jobs_.empty()) idle_.notify_all();
  }
}

}  // namespace fairlead::app

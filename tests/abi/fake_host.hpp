/// A kernel of version 1.0 as a plugin sees it: every table has exactly the size that 1.0 laid down, and
/// behind its last byte lies memory that nobody may touch. Compiled against the frozen header. One thread.
#pragma once
#include <fairlead/transport.h>
#include <sys/mman.h>
#include <unistd.h>

#include <deque>
#include <functional>
#include <list>
#include <map>
#include <new>
#include <string>
#include <vector>

/// Kernel side of a descriptor, a timer, a connection and a listener; the ABI knows their names only.
struct fairlead_watch {
  fairlead_loop* loop;
  int fd;
  uint32_t events;
  void (*ready)(void* arg, uint32_t events);
  void* arg;
  bool is_gone = false;
};
struct fairlead_timer {
  fairlead_loop* loop;
  uint64_t due;
  void (*fire)(void* arg);
  void* arg;
};
struct fairlead_loop {
  std::list<fairlead_watch> watches{};
  std::list<fairlead_timer> timers{};
  std::deque<std::function<void()>> tasks{};
};
struct fairlead_conn {
  void* plugin_side = nullptr;
  int opened = 0, closed = 0;
  fairlead_status why = FAIRLEAD_OK;
  std::vector<uint64_t> done{};
  std::string received{};
  std::vector<uint8_t> room = std::vector<uint8_t>(65536);
};
struct fairlead_listener {
  std::list<fairlead_conn> taken{};
};

namespace fairlead::abi {

/// An array whose last byte is the last one before a page without access.
template <class T>
class Guarded {
 public:
  explicit Guarded(size_t count = 1) : size_(pages(count * sizeof(T))) {
    base_ = static_cast<uint8_t*>(
        ::mmap(nullptr, size_ + page(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    ::mprotect(base_ + size_, page(), PROT_NONE);
    first_ = new (base_ + size_ - count * sizeof(T)) T[count]();
  }
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;
  ~Guarded() { ::munmap(base_, size_ + page()); }
  T& operator[](size_t index) noexcept { return first_[index]; }
  T* operator->() noexcept { return first_; }
  T* get() noexcept { return first_; }

 private:
  static size_t page() noexcept { return static_cast<size_t>(::sysconf(_SC_PAGESIZE)); }
  static size_t pages(size_t bytes) noexcept { return (bytes + page() - 1) / page() * page(); }

  size_t size_;
  uint8_t* base_;
  T* first_;
};

class FakeHost {
 public:
  FakeHost();
  const fairlead_host* table() noexcept { return table_.get(); }
  fairlead_loop* loop() noexcept { return &loop_; }
  /// Runs the loop until this holds; false when it does not within ten seconds.
  bool run_until(const std::function<bool()>& holds);
  /// What the plugin wrote to the log.
  const std::string& logged() const noexcept { return log_; }

 private:
  friend struct HostCalls;
  void turn();

  Guarded<fairlead_host> table_;
  Guarded<fairlead_dial> dial_;
  fairlead_loop loop_;
  std::string log_;
};

/// Values for everything that the plugin declares and has a default for, and what is given here.
class FakeConfig {
 public:
  FakeConfig(const fairlead_transport& plugin, const std::map<std::string, std::string>& given);
  const fairlead_config* get() noexcept { return config_.get(); }

 private:
  std::deque<std::string> texts_;
  Guarded<fairlead_value> values_;
  Guarded<fairlead_config> config_;
};

}  // namespace fairlead::abi

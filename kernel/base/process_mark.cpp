#include "base/process_mark.hpp"

#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>

#include "base/assert.hpp"

namespace fairlead::base {
namespace {

void forget_number() noexcept;

/// Where the number of this process stands: in a page that is emptied in a child, by the kernel (Linux 4.14),
/// whatever made the child, and by fork() where the kernel does not know how.
struct MarkedPage {
  MarkedPage() {
    const auto size = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
    void* const page = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    FAIRLEAD_ASSERT(page != MAP_FAILED);
    static_cast<void>(::madvise(page, size, MADV_WIPEONFORK));
    FAIRLEAD_ASSERT(::pthread_atfork(nullptr, nullptr, &forget_number) == 0);
    number = static_cast<uint64_t*>(page);
  }
  uint64_t* number;
};

std::atomic_ref<uint64_t> number_of_process() noexcept {
  static const MarkedPage page;
  return std::atomic_ref<uint64_t>(*page.number);
}

void forget_number() noexcept { number_of_process().store(0, std::memory_order_relaxed); }

}  // namespace

ProcessMark ProcessMark::current() noexcept {
  static std::atomic<uint64_t> last = 0;  // goes on counting in a child
  const std::atomic_ref<uint64_t> number = number_of_process();
  uint64_t found = number.load(std::memory_order_relaxed);
  if (found != 0) return ProcessMark(found);
  const uint64_t mine = ++last;
  return ProcessMark(number.compare_exchange_strong(found, mine) ? mine : found);
}

bool ProcessMark::is_here() const noexcept {
  return number_of_process().load(std::memory_order_relaxed) == number_;
}

void ProcessMark::end_child(const char* what) noexcept {
  std::fprintf(stderr,
               "fairlead: process %d was forked from one that holds sessions and tried to use %s; "
               "both using the same keys would reveal them; open a node of its own in the child\n",
               static_cast<int>(::getpid()), what);
  std::abort();
}

}  // namespace fairlead::base

#include "link/memory_budget.hpp"

#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace fairlead::link {

Pressure MemoryBudget::update(uint64_t used) noexcept {
  const auto reaches = [&](uint64_t percent) { return used >= cap_ / 100 * percent; };
  if (reaches(95)) {
    pressure_ = Pressure::shedding;
  } else if (reaches(90)) {
    pressure_ = Pressure::logins;
  } else if (reaches(80) || (pressure_ != Pressure::none && reaches(70))) {
    pressure_ = Pressure::reading;
  } else {
    pressure_ = Pressure::none;
  }
  return pressure_;
}

uint64_t default_memory_cap() {
  const auto pages = static_cast<uint64_t>(std::max(::sysconf(_SC_PHYS_PAGES), 1L));
  uint64_t memory = pages * static_cast<uint64_t>(std::max(::sysconf(_SC_PAGESIZE), 1L));
  // "max" when the group has no limit; absent without cgroup v2.
  std::ifstream group("/sys/fs/cgroup/memory.max");
  if (uint64_t limit = 0; group >> limit) memory = std::min(memory, limit);
  return memory / 4;
}

}  // namespace fairlead::link

/// What a process holds and has set, to compare before and after.
#pragma once
#include <cstdint>
#include <map>
#include <string>

namespace fairlead::check {

/// Open descriptors and what each one is.
std::map<int, std::string> open_descriptors();
size_t count_threads();
/// Bytes in use by malloc; what it keeps ready for this thread counts as well.
uint64_t heap_in_use();
/// Processor time of the whole process so far, in microseconds.
uint64_t cpu_us();

/// Settings of a process that a library must leave alone.
struct ProcessSettings {
  std::map<int, std::string> descriptors;
  size_t threads = 0;
  std::string signals, locale, umask, folder, environment;

  static ProcessSettings now();
};

}  // namespace fairlead::check

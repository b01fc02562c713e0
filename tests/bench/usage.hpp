/// What a process has used so far, from /proc. Linux only.
#pragma once
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

#include "support/given_project.hpp"

namespace fairlead::bench {

/// CPU seconds, user and system.
inline double cpu_seconds(pid_t process) {
  const std::string text = support::read_text("/proc/" + std::to_string(process) + "/stat");
  std::istringstream fields(text.substr(std::min(text.size(), text.rfind(')') + 1)));
  std::string skipped;  // fields 3 to 13 of proc(5)
  for (int field = 3; field < 14; ++field) fields >> skipped;
  unsigned long user = 0, system = 0;
  fields >> user >> system;
  return static_cast<double>(user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

/// The most memory it had resident since its start or reset_peak(), MiB.
inline double peak_mib(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
  return 0;
}
inline void reset_peak(pid_t process) {
  std::ofstream("/proc/" + std::to_string(process) + "/clear_refs") << 5;
}

}  // namespace fairlead::bench

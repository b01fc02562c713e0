#include "process_state.hpp"

#include <dlfcn.h>
#include <malloc.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <clocale>
#include <filesystem>
#include <iterator>

namespace fairlead::check {
namespace {

namespace fs = std::filesystem;

std::string signals_now() {
  std::string all;
  for (int number = 1; number < NSIG; ++number) {
    struct sigaction action {};
    if (::sigaction(number, nullptr, &action) != 0) continue;
    const bool has_info = (action.sa_flags & SA_SIGINFO) != 0;
    const bool is_set = has_info || (action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN);
    all += is_set ? 'h' : action.sa_handler == SIG_IGN ? 'i' : 'd';
  }
  return all;
}

std::string environment_now() {
  std::string all;
  for (char** one = environ; one != nullptr && *one != nullptr; ++one) all.append(*one).append("\n");
  return all;
}

std::string umask_now() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return std::to_string(mask);
}

}  // namespace

std::map<int, std::string> open_descriptors() {
  std::map<int, std::string> all;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/proc/self/fd", error)) {
    const fs::path target = fs::read_symlink(entry.path(), error);
    // The folder that is being read right now.
    if (!error && target.string().find("/fd") == std::string::npos)
      all[std::stoi(entry.path().filename().string())] = target.string();
  }
  return all;
}

size_t count_threads() {
  std::error_code error;
  const fs::directory_iterator tasks("/proc/self/task", error);
  return error ? 0 : static_cast<size_t>(std::distance(begin(tasks), end(tasks)));
}

uint64_t heap_in_use() {
  // Under a sanitizer malloc is another one, which tells by itself.
  using Tell = size_t (*)();
  if (void* found = ::dlsym(RTLD_DEFAULT, "__sanitizer_get_current_allocated_bytes")) {
    Tell tell = nullptr;
    *static_cast<void**>(static_cast<void*>(&tell)) = found;  // dlsym(3)'s own way to a function
    return tell();
  }
  const struct mallinfo2 info = ::mallinfo2();
  return uint64_t{info.uordblks} + info.hblkhd;
}

uint64_t cpu_us() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto us = [](const timeval& time) {
    return static_cast<uint64_t>(time.tv_sec) * 1'000'000 + static_cast<uint64_t>(time.tv_usec);
  };
  return us(usage.ru_utime) + us(usage.ru_stime);
}

ProcessSettings ProcessSettings::now() {
  ProcessSettings all;
  all.descriptors = open_descriptors();
  all.threads = count_threads();
  all.signals = signals_now();
  const char* locale = std::setlocale(LC_ALL, nullptr);
  all.locale = locale == nullptr ? "" : locale;
  all.umask = umask_now();
  std::error_code error;
  all.folder = fs::current_path(error).string();
  all.environment = environment_now();
  return all;
}

}  // namespace fairlead::check

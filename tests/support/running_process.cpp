#include "support/running_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace fairlead::support {
namespace {

using std::chrono::steady_clock;

/// What a program that was built to watch itself reads: options, suppressions, where to write its coverage.
constexpr std::array kForInstruments = {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LLVM_PROFILE_FILE"};

[[noreturn]] void give_up(const char* what) {
  std::perror(what);
  std::abort();
}

struct Pipe {
  kit::Descriptor read, write;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) give_up("pipe");
  return {kit::Descriptor(ends[0]), kit::Descriptor(ends[1])};
}

/// A file in memory that holds the whole input.
kit::Descriptor input_of(const std::string& content) {
  kit::Descriptor file(::memfd_create("input", MFD_CLOEXEC));
  for (size_t done = 0; done < content.size();) {
    const ssize_t written = ::write(file.get(), content.data() + done, content.size() - done);
    if (written < 0) give_up("input");
    done += static_cast<size_t>(written);
  }
  ::lseek(file.get(), 0, SEEK_SET);
  return file;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

int milliseconds_until(steady_clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now());
  return static_cast<int>(std::max<std::chrono::milliseconds::rep>(left.count(), 0));
}

std::chrono::microseconds duration(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

/// Appends what can be read now; closes the descriptor at its end.
void take(kit::Descriptor& from, std::string& into) {
  std::array<char, 65536> room;
  const ssize_t got = ::read(from.get(), room.data(), room.size());
  if (got > 0) into.append(room.data(), static_cast<size_t>(got));
  if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) from = kit::Descriptor();
}

}  // namespace

RunningProcess::RunningProcess(const std::vector<std::string>& arguments, const Options& options) {
  Pipe out = make_pipe(), err = make_pipe();
  spawn(arguments, options, out.write.get(), err.write.get());
  out_fd_ = std::move(out.read);
  err_fd_ = std::move(err.read);
}

void RunningProcess::spawn(const std::vector<std::string>& arguments, const Options& options, int out,
                           int err) {
  const kit::Descriptor input = input_of(options.input);
  std::vector<std::string> words = arguments, variables = options.environment;
  variables.push_back("PATH=/usr/sbin:/usr/bin:/sbin:/bin");
  for (const char* name : kForInstruments)
    if (const char* value = ::getenv(name)) variables.push_back(std::string(name) + "=" + value);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, input.get(), STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
  if (options.inherited >= 0) ::posix_spawn_file_actions_adddup2(&actions, options.inherited, 3);
  if (!options.folder.empty()) ::posix_spawn_file_actions_addchdir_np(&actions, options.folder.c_str());
  posix_spawnattr_t how;
  ::posix_spawnattr_init(&how);
  ::posix_spawnattr_setflags(&how, POSIX_SPAWN_SETPGROUP);
  const int failure = ::posix_spawn(&pid_, words.front().c_str(), &actions, &how, pointers(words).data(),
                                    pointers(variables).data());
  ::posix_spawnattr_destroy(&how);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failure == 0) return;
  errno = failure;
  give_up(words.front().c_str());
}

RunningProcess::~RunningProcess() {
  if (pid_ < 0) return;
  ::kill(-pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

bool RunningProcess::read_more(Deadline deadline) {
  std::array<pollfd, 2> watched{{{out_fd_.get(), POLLIN, 0}, {err_fd_.get(), POLLIN, 0}}};
  if (!out_fd_ && !err_fd_) return false;
  const int ready = ::poll(watched.data(), watched.size(), milliseconds_until(deadline));
  if (ready == 0) return false;
  if (watched[0].revents != 0) take(out_fd_, out_);
  if (watched[1].revents != 0) take(err_fd_, err_);
  return true;
}

std::optional<std::string> RunningProcess::read_line(std::chrono::milliseconds limit) {
  const Deadline deadline = steady_clock::now() + limit;
  for (;;) {
    const size_t end = out_.find('\n', read_);
    if (end != std::string::npos) {
      std::string line = out_.substr(read_, end - read_);
      read_ = end + 1;
      return line;
    }
    if (!read_more(deadline)) return std::nullopt;
  }
}

bool RunningProcess::wait_for_error(const std::string& text, std::chrono::milliseconds limit) {
  const Deadline deadline = steady_clock::now() + limit;
  while (err_.find(text) == std::string::npos)
    if (!read_more(deadline)) return false;
  return true;
}

void RunningProcess::signal(int number) const {
  if (pid_ > 0) ::kill(pid_, number);
}

long RunningProcess::memory(const std::string& name) const {
  std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(name + ":")) return std::stol(line.substr(name.size() + 1));
  give_up(name.c_str());
}

Finished RunningProcess::finish(std::chrono::milliseconds limit) {
  const Deadline deadline = steady_clock::now() + limit;
  while (read_more(deadline)) {
  }
  Finished result{.out = out_, .err = err_};
  if (out_fd_ || err_fd_ || pid_ < 0) return result;
  int status = 0;
  rusage used{};
  while (::wait4(pid_, &status, 0, &used) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  result.code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  result.processor = duration(used.ru_utime) + duration(used.ru_stime);
  result.peak_kib = used.ru_maxrss;
  return result;
}

}  // namespace fairlead::support

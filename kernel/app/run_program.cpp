#include "app/run_program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>

#include "kit/descriptor.hpp"

namespace fairlead::app {
namespace {

using kit::Descriptor;

tl::unexpected<base::Error> failed(const char* reason, std::string text) {
  base::Error error{base::ErrorCode::failed, std::move(text), "see the program's own messages"};
  error.reason = reason;
  return tl::unexpected<base::Error>(std::move(error));
}

tl::unexpected<base::Error> cannot_run(const Program& program, int error) {
  return failed("cannot_run",
                "cannot run " + program.arguments[0] + ": " + std::generic_category().message(error));
}

struct Pipe {
  Descriptor read, write;
};

base::Result<Pipe> make_pipe(const Program& program) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return cannot_run(program, errno);
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

/// NULL-terminated pointers to texts that outlive it, as exec wants them.
std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

std::vector<std::string> child_environment(const Program& program) {
  const auto is_replaced = [&](std::string_view line) {
    for (const auto& [key, value] : program.environment)
      if (line.starts_with(key + "=")) return true;
    return false;
  };
  std::vector<std::string> lines;
  for (char** line = environ; line != nullptr && *line != nullptr; ++line)
    if (!is_replaced(*line)) lines.emplace_back(*line);
  for (const auto& [key, value] : program.environment) {
    std::string& line = lines.emplace_back(key);
    line.append("=").append(value);
  }
  return lines;
}

/// posix_spawn's two helper objects, freed together.
struct SpawnSetup {
  SpawnSetup(int standard_input, int standard_output) {
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, standard_input, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, standard_output, STDOUT_FILENO);
    ::posix_spawnattr_init(&attributes);
    sigset_t none, ordinary;
    sigemptyset(&none);
    sigemptyset(&ordinary);
    sigaddset(&ordinary, SIGPIPE);
    sigaddset(&ordinary, SIGHUP);
    // We block and ignore some signals; the program must not inherit that. Its own group, so that all of it
    // dies.
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &ordinary);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(&attributes,
                               POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  SpawnSetup(const SpawnSetup&) = delete;
  SpawnSetup& operator=(const SpawnSetup&) = delete;
  ~SpawnSetup() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
};

/// A running program and the two pipes to it.
class Child {
 public:
  Child(const Program& program, pid_t id, Descriptor input, Descriptor output)
      : program_(program),
        rest_(program.input),
        id_(id),
        ended_(static_cast<int>(::syscall(SYS_pidfd_open, id, 0))),
        input_(std::move(input)),
        output_(std::move(output)) {
    ::fcntl(input_.get(), F_SETFL, O_NONBLOCK);
    ::fcntl(output_.get(), F_SETFL, O_NONBLOCK);
  }

  base::Result<base::Bytes> run(int give_up) {
    const base::Status fed = exchange(give_up);
    if (!fed.has_value()) ::kill(-id_, SIGKILL);
    int status = 0;
    while (::waitpid(id_, &status, 0) < 0 && errno == EINTR) {
    }
    FAIRLEAD_TRY(fed);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return std::move(collected_);
    const std::string how = WIFSIGNALED(status) ? "was ended by signal " + std::to_string(WTERMSIG(status))
                                                : "exited with " + std::to_string(WEXITSTATUS(status));
    return failed("exited", program_.arguments[0] + " " + how);
  }

 private:
  /// Until the program has ended and all it wrote is here.
  base::Status exchange(int give_up) {
    if (rest_.empty()) input_ = Descriptor();
    while (true) {
      std::array<pollfd, 4> wait{{{input_ ? input_.get() : -1, POLLOUT, 0},
                                  {output_ ? output_.get() : -1, POLLIN, 0},
                                  {ended_.get(), POLLIN, 0},
                                  {give_up, POLLIN, 0}}};
      if (::poll(wait.data(), wait.size(), -1) < 0 && errno != EINTR) return cannot_run(program_, errno);
      if (wait[3].revents != 0)
        return failed("given_up", program_.arguments[0] + " was ended with this process");
      if (wait[0].revents != 0) feed();
      if (wait[1].revents != 0 || wait[2].revents != 0) FAIRLEAD_TRY(collect());
      if (wait[2].revents != 0) return {};
    }
  }

  void feed() {
    const ssize_t written = ::write(input_.get(), rest_.data(), rest_.size());
    if (written > 0) rest_ = rest_.subspan(static_cast<size_t>(written));
    // A program may end without reading everything: that is its own affair.
    if (rest_.empty() || (written < 0 && errno != EAGAIN && errno != EINTR)) input_ = Descriptor();
  }

  base::Status collect() {
    std::array<uint8_t, 65536> room;
    while (output_) {
      const ssize_t got = ::read(output_.get(), room.data(), room.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && errno == EAGAIN) return {};
      if (got <= 0) {
        output_ = Descriptor();
        return {};
      }
      if (collected_.size() + static_cast<size_t>(got) > program_.most_output)
        return failed("too_much_output", program_.arguments[0] + " wrote more than " +
                                             std::to_string(program_.most_output) + " bytes");
      base::append(collected_, base::ByteView(room).first(static_cast<size_t>(got)));
    }
    return {};
  }

  const Program& program_;
  base::ByteView rest_;
  pid_t id_;
  Descriptor ended_, input_, output_;
  base::Bytes collected_;
};

}  // namespace

base::Result<base::Bytes> run_program(const Program& program, int give_up) {
  FAIRLEAD_TRY(Pipe input, make_pipe(program));
  FAIRLEAD_TRY(Pipe output, make_pipe(program));
  std::vector<std::string> arguments = program.arguments, environment = child_environment(program);
  pid_t id = 0;
  {
    const SpawnSetup setup(input.read.get(), output.write.get());
    const int error = ::posix_spawnp(&id, arguments[0].c_str(), &setup.actions, &setup.attributes,
                                     pointers(arguments).data(), pointers(environment).data());
    if (error != 0) return cannot_run(program, error);
  }
  input.read = Descriptor();
  output.write = Descriptor();
  return Child(program, id, std::move(input.write), std::move(output.read)).run(give_up);
}

}  // namespace fairlead::app

// The plugin "exec": a link is the standard input and output of a command that the site chooses, such as ssh.
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fairlead/transport.hpp>

namespace {

using namespace fairlead::transport;

/// The command for one address: %h becomes its host, %p its port, %% a percent sign. The address goes to a
/// shell, so it is held to what hosts and ports are made of.
std::string command_for(std::string_view command, std::string_view address) {
  const size_t colon = std::min(address.rfind(':'), address.size());
  const std::string_view host = address.substr(0, colon),
                         port = address.substr(std::min(colon + 1, address.size()));
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-[]";
  if (address.starts_with('-') || address.find_first_not_of(kPlain) != std::string_view::npos)
    throw Error(FAIRLEAD_E_CONFIG, "the address has characters that no host has: " + std::string(address));
  std::string out;
  for (size_t i = 0; i < command.size(); ++i) {
    const char next = command[i] == '%' && i + 1 < command.size() ? command[i + 1] : '\0';
    if (next == 'h' || next == 'p' || next == '%') ++i;
    out += next == 'h' ? host : next == 'p' ? port : command.substr(i, 1);
  }
  return out;
}

/// Starts a shell with `socket` as its standard input and output, in a process group of its own.
pid_t start(std::string command, const Fd& socket) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t how;
  sigset_t none, every;
  ::sigemptyset(&none);
  ::sigfillset(&every);
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_adddup2(&files, socket.get(), STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&files, socket.get(), STDOUT_FILENO);
  ::posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
  ::posix_spawnattr_init(&how);
  ::posix_spawnattr_setsigmask(&how, &none);
  ::posix_spawnattr_setsigdefault(&how, &every);
  ::posix_spawnattr_setflags(&how, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::array<char*, 4> words{};
  std::string shell = "sh", option = "-c";
  words = {shell.data(), option.data(), command.data(), nullptr};
  pid_t pid = -1;
  const int failed = ::posix_spawn(&pid, "/bin/sh", &files, &how, words.data(), environ);
  ::posix_spawn_file_actions_destroy(&files);
  ::posix_spawnattr_destroy(&how);
  if (failed != 0) throw Error(status_of(failed), "cannot start /bin/sh", failed);
  return pid;
}

/// A descriptor that becomes readable when the process has ended; none on kernels before 5.3. The function of
/// this name in glibc 2.36 cannot be called from C++: its header forgets the language.
Fd end_of(pid_t pid) { return Fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))); }

/// A running command. What is left of its process group ends with this object.
class Command {
 public:
  Command(const fairlead_host& host, fairlead_loop* loop, std::string text, const Fd& socket)
      : host_(host), pid_(start(std::move(text), socket)), end_(end_of(pid_)) {
    if (end_.get() >= 0)
      watch_.emplace(host, loop, end_.get(), FAIRLEAD_READABLE, [this](uint32_t) { reap(WNOHANG); });
  }
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;
  ~Command() {
    ::kill(-pid_, SIGKILL);
    reap(0);
  }

 private:
  void reap(int options) noexcept {
    int status = 0;
    if (is_over_ || ::waitpid(pid_, &status, options) != pid_) return;
    is_over_ = true;
    if (watch_) watch_->want(0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) == 0) return;
    const std::string line = "the command ended with exit code " + std::to_string(WEXITSTATUS(status));
    host_.log(host_.ctx, FAIRLEAD_LOG_WARN, {line.data(), line.size()});
  }

  const fairlead_host& host_;
  const pid_t pid_;
  bool is_over_ = false;
  Fd end_;
  std::optional<Watch> watch_;
};

class ExecConnection final : public FdConnection {
 public:
  ExecConnection(const fairlead_host& host, fairlead_loop* loop, Fd ours, std::string command,
                 const Fd& theirs)
      : FdConnection(host, loop, std::move(ours)), command_(host, loop, std::move(command), theirs) {}

 private:
  Command command_;
};

class ExecTransport final : public Transport {
 public:
  static constexpr const char* schemes[] = {"exec", nullptr};
  static constexpr fairlead_option options[] = {
      {"command", nullptr,
       "Command for /bin/sh whose standard input and output are the link; %h and %p: host and port.",
       FAIRLEAD_TEXT, FAIRLEAD_OPT_REQUIRED | FAIRLEAD_OPT_LOCAL, 0, 0},
      {}};
  static constexpr About about = {
      .caps = FAIRLEAD_CAP_STREAM | FAIRLEAD_CAP_CONNECT | FAIRLEAD_CAP_REPORTS_LOSS,
      .id = "org.fairlead.exec",
      .version = "1.0.0",
      .vendor = "Fairlead",
      .license = "Apache-2.0",
      .summary = "Standard input and output of a command, such as ssh or socat",
      .schemes = schemes,
      .options = options};

  ExecTransport(const fairlead_host& host, const fairlead_config& config)
      : Transport(host), command_(Config(host, config).text("command")) {
    if (command_.find_first_not_of(" \t") == std::string::npos)
      throw Error(FAIRLEAD_E_CONFIG, "option command: expected a command, found nothing");
  }

  std::unique_ptr<Connection> connect(fairlead_loop* loop, std::string_view address,
                                      fairlead_conn*) override {
    std::array<int, 2> ends{};
    std::string command = command_for(command_, address);
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
      throw Error::from_errno("socketpair");
    Fd ours(ends[0]);
    const Fd theirs(ends[1]);
    if (::fcntl(ours.get(), F_SETFL, O_NONBLOCK) != 0) throw Error::from_errno("fcntl");
    return std::make_unique<ExecConnection>(host(), loop, std::move(ours), std::move(command), theirs);
  }

 private:
  std::string command_;
};

}  // namespace

FAIRLEAD_EXPORT_TRANSPORT(ExecTransport);

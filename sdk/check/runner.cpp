#include "runner.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "loop.hpp"

namespace fairlead::check {
namespace {

namespace fs = std::filesystem;

/// A folder that disappears with this object.
class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "fpc-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw SetupError("cannot make a folder " + pattern);
    path_ = pattern;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const noexcept { return path_; }

 private:
  fs::path path_;
};

Verdict run_body(const Check& check, Context& context) {
  try {
    return check.body(context);
  } catch (const Ended& ended) {
    return ended.verdict();
  } catch (const std::exception& error) {
    return {State::fail, std::string("the check itself failed: ") + error.what()};
  }
}

void write_all(int fd, const std::string& bytes) {
  for (size_t sent = 0; sent < bytes.size();) {
    const ssize_t step = ::write(fd, bytes.data() + sent, bytes.size() - sent);
    if (step <= 0) return;
    sent += static_cast<size_t>(step);
  }
}

/// The child: whatever the plugin prints goes to standard error, and nothing reads the terminal.
[[noreturn]] void be_child(const Check& check, Context& context, int result) {
  ::setpgid(0, 0);
  ::signal(SIGPIPE, SIG_IGN);
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (nothing >= 0) {
    ::dup2(nothing, STDIN_FILENO);
    ::close(nothing);
  }
  const Verdict verdict = run_body(check, context);
  write_all(result, static_cast<char>('0' + static_cast<int>(verdict.state)) + verdict.detail);
  // Neither the plugin's destructors nor its threads get a say in how the process ends.
  ::_exit(0);
}

/// What the child wrote until it ended; nothing when the deadline came first.
std::optional<std::string> read_result(int fd, int limit_s) {
  const uint64_t end = now_ns() + static_cast<uint64_t>(limit_s) * 1'000'000'000;
  std::string all;
  std::array<char, 4'096> some{};
  for (;;) {
    const uint64_t now = now_ns();
    if (now >= end) return std::nullopt;
    pollfd asked{fd, POLLIN, 0};
    if (::poll(&asked, 1, static_cast<int>((end - now) / 1'000'000) + 1) <= 0) continue;
    const ssize_t got = ::read(fd, some.data(), some.size());
    if (got == 0) return all;
    if (got > 0) all.append(some.data(), static_cast<size_t>(got));
  }
}

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status))
    return "killed by signal " + std::to_string(WTERMSIG(status)) + " (" + ::strsignal(WTERMSIG(status)) +
           ")";
  return "ended by itself with exit code " + std::to_string(WEXITSTATUS(status));
}

Verdict judge(const std::optional<std::string>& result, int status, int limit_s) {
  if (!result) return {State::crash, "hung: no result after " + std::to_string(limit_s) + " s"};
  const bool is_whole = !result->empty() && result->front() >= '0' && result->front() <= '4';
  if (!is_whole) return {State::crash, how_it_ended(status)};
  return {static_cast<State>(result->front() - '0'), result->substr(1)};
}

Verdict run_in_child(const Check& check, Context& context) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw SetupError("cannot make a pipe for a check");
  const pid_t child = ::fork();
  if (child < 0) throw SetupError("cannot start a process for a check");
  if (child == 0) {
    ::close(ends[0]);
    be_child(check, context, ends[1]);
  }
  ::setpgid(child, child);
  ::close(ends[1]);
  const auto result = read_result(ends[0], check.limit_s);
  ::close(ends[0]);
  ::kill(-child, SIGKILL);  // whatever the plugin started as well
  int status = 0;
  ::waitpid(child, &status, 0);
  return judge(result, status, check.limit_s);
}

Outcome run_one(const Plan& plan, const Check& check, const Configuration& configuration) {
  const auto begin = now_ns();
  const Folder folder;
  Context context(plan.plugin, plan.setup, configuration, plan.seed, folder.path());
  Outcome outcome;
  outcome.check = &check;
  if (check.scope == Scope::configuration) outcome.configuration = configuration.name;
  outcome.verdict =
      plan.isolation == Isolation::process ? run_in_child(check, context) : run_body(check, context);
  outcome.took = std::chrono::milliseconds((now_ns() - begin) / 1'000'000);
  return outcome;
}

bool is_bad(const Verdict& verdict) { return verdict.state == State::fail || verdict.state == State::crash; }

}  // namespace

std::vector<Outcome> run(const Plan& plan, const std::function<void(const Outcome&)>& report) {
  std::vector<Outcome> outcomes;
  const Check* shut = nullptr;  // the gate that did not let the rest pass
  const auto add = [&](Outcome outcome) {
    report(outcome);
    if (outcome.check->weight == Weight::gate && is_bad(outcome.verdict)) shut = outcome.check;
    outcomes.push_back(std::move(outcome));
  };
  for (const Check* check : plan.checks) {
    for (const Configuration& configuration : plan.setup.configurations) {
      if (shut != nullptr)
        add({check, "", {State::skip, std::string(shut->id) + " did not pass"}, {}});
      else
        add(run_one(plan, *check, configuration));
      if (shut != nullptr || check->scope == Scope::plugin) break;
    }
  }
  return outcomes;
}

}  // namespace fairlead::check

#include "app/passphrase.hpp"

#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <ostream>

namespace fairlead::app {
namespace {

using base::Secret;
using provision::PassphraseNeed;

constexpr size_t kLongestPassphrase = 1024;

tl::unexpected<base::Error> unusable(std::string text, std::string hint) {
  return base::fail(base::ErrorCode::bad_arguments, std::move(text), std::move(hint));
}

base::Result<Secret> not_empty(Secret secret, const std::string& from) {
  if (secret.empty())
    return unusable("the passphrase from " + from + " is empty", "give one, or --no-passphrase");
  return secret;
}

/// One line without its end. Byte by byte: what comes after it is not ours.
base::Result<Secret> read_line(int fd, const std::string& from) {
  Secret line(kLongestPassphrase);
  size_t size = 0;
  for (;;) {
    uint8_t byte = 0;
    const ssize_t count = ::read(fd, &byte, 1);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0)
      return unusable("cannot read the passphrase from " + from, "check the descriptor's number");
    if (count == 0 || byte == '\n') break;
    if (size == line.size())
      return unusable("the passphrase from " + from + " is too long", "use up to 1024 bytes");
    line.expose_mutable()[size++] = byte;
  }
  if (size > 0 && line.expose()[size - 1] == '\r') --size;
  return not_empty(Secret(line.expose().first(size)), from);
}

base::Result<Secret> from_environment(const std::string& variable) {
  const char* value = std::getenv(variable.c_str());
  return not_empty(Secret(base::as_bytes(value != nullptr ? value : "")),
                   "the environment variable " + variable);
}

/// The terminal does not show what is typed while this lives.
class NoEcho {
 public:
  NoEcho() {
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
    changed_ = true;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    silent.c_lflag |= ECHONL;
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  ~NoEcho() {
    if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;

 private:
  termios before_{};
  bool changed_ = false;
};

base::Result<Secret> prompt(const char* question, std::ostream& err) {
  const NoEcho no_echo;
  err << question << std::flush;
  return read_line(STDIN_FILENO, "the terminal");
}

base::Result<Secret> from_terminal(PassphraseNeed need, std::ostream& err) {
  if (::isatty(STDIN_FILENO) == 0)
    return tl::unexpected<base::Error>(
        base::Error{base::ErrorCode::bad_configuration,
                    "the root key needs a passphrase and there is no terminal to ask",
                    "use --passphrase-fd, --passphrase-env or --no-passphrase",
                    {},
                    "root_key_passphrase"});
  if (need == PassphraseNeed::existing_key) return prompt("Passphrase of the root key: ", err);
  FAIRLEAD_TRY(Secret first, prompt("New passphrase for the root key: ", err));
  FAIRLEAD_TRY(const Secret second, prompt("The same passphrase again: ", err));
  if (!base::equal(first.expose(), second.expose()))
    return unusable("the two passphrases differ", "run the command again");
  return first;
}

}  // namespace

base::Result<provision::PassphraseSource> passphrase_source(const PassphraseArguments& arguments,
                                                            std::ostream& err) {
  const int named = (arguments.fd ? 1 : 0) + (arguments.variable.empty() ? 0 : 1) + (arguments.none ? 1 : 0);
  if (named > 1)
    return unusable("--passphrase-fd, --passphrase-env and --no-passphrase exclude each other",
                    "use one of them");
  if (arguments.none) return provision::PassphraseSource();
  if (arguments.fd)
    return [fd = *arguments.fd](PassphraseNeed) { return read_line(fd, "descriptor " + std::to_string(fd)); };
  if (!arguments.variable.empty())
    return [variable = arguments.variable](PassphraseNeed) { return from_environment(variable); };
  return [&err](PassphraseNeed need) { return from_terminal(need, err); };
}

}  // namespace fairlead::app

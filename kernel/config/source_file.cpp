#include "config/source_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace fairlead::config {
namespace {

using base::ErrorCode;
using base::fail;

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd) noexcept : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const noexcept { return fd_; }

 private:
  int fd_;
};

auto cannot_read(const std::string& path, std::string why, std::string hint = {}) {
  return fail(ErrorCode::bad_configuration, "cannot read " + path + ": " + std::move(why), std::move(hint));
}

auto cannot_read(const std::string& path, int error) {
  return cannot_read(
      path, std::generic_category().message(error),
      error == ENOENT ? "check the path" : "check the permissions of the file and its directories");
}

base::Result<std::string> read_all(int fd, const std::string& path, size_t most) {
  std::string text;
  std::array<char, 16384> block;
  while (true) {
    const ssize_t got = ::read(fd, block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot_read(path, errno);
    if (got == 0) return text;
    text.append(block.data(), static_cast<size_t>(got));
    if (text.size() > most)
      return cannot_read(path, "it is larger than " + std::to_string(most / 1024) + " KiB",
                         "name the right file");
  }
}

/// Length of the well-formed UTF-8 character at the front (RFC 3629), 0 when there is none.
size_t well_formed(std::string_view text) noexcept {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const size_t size = character_size(text.front());
  if (size == 1) return byte(0) < 0x80 ? 1 : 0;
  if (size > text.size() || byte(0) < 0xc2 || byte(0) > 0xf4) return 0;
  for (size_t i = 1; i < size; ++i)
    if ((byte(i) & 0xc0) != 0x80) return 0;
  const bool overlong = (byte(0) == 0xe0 && byte(1) < 0xa0) || (byte(0) == 0xf0 && byte(1) < 0x90);
  const bool surrogate = byte(0) == 0xed && byte(1) > 0x9f;
  const bool too_high = byte(0) == 0xf4 && byte(1) > 0x8f;
  return overlong || surrogate || too_high ? 0 : size;
}

/// Walks a text character by character and stops at the first that must not be there.
class TextScan {
 public:
  explicit TextScan(Diagnostics& diagnostics) : diagnostics_(diagnostics), rest_(diagnostics.source()) {}

  void run() {
    if (rest_.starts_with("\xEF\xBB\xBF"))
      return refuse("the file starts with a byte order mark", "save it as UTF-8 without BOM");
    while (!rest_.empty() && step()) {
    }
  }

 private:
  void refuse(std::string text, std::string hint) {
    diagnostics_.error(at_, std::move(text), std::move(hint));
  }

  bool step() {
    const size_t size = well_formed(rest_);
    const char c = rest_.front();
    if (size == 0) return refuse("this byte is not valid UTF-8", "save the file as UTF-8"), false;
    if (!is_allowed(c) || !count(c)) return false;
    line_bytes_ += size;
    rest_.remove_prefix(size);
    ++at_.column;
    if (c == '\n') new_line();
    return true;
  }

  bool is_allowed(char c) {
    if (c == '\t' && in_indentation_) return refuse("a tab in the indentation", "indent with blanks"), false;
    if (c == '\0') return refuse("a NUL character", "remove it"), false;
    if (c == '\r' && !rest_.starts_with("\r\n"))
      return refuse("a lone carriage return", "end lines with LF"), false;
    const bool control =
        (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' && c != '\r') || c == 0x7f;
    if (control) return refuse("a control character", "remove it"), false;
    in_indentation_ = in_indentation_ && c == ' ';
    return true;
  }

  bool count(char c) {
    if (c == '\n' || c == ',') ++entries_;
    if (c == '[' || c == '{') ++open_;
    if (c == ']' || c == '}') open_ = std::max(0, open_ - 1);
    if (open_ > kMostOpenBrackets)
      return refuse("more than " + std::to_string(kMostOpenBrackets) + " open brackets: nested too deep",
                    "a project file needs at most 16 levels"),
             false;
    if (line_bytes_ >= kMostLineBytes && c != '\n' && c != '\r')
      return refuse("the line is longer than " + std::to_string(kMostLineBytes) + " bytes", "break it"),
             false;
    if (entries_ > kMostEntries)
      return refuse("more than " + std::to_string(kMostEntries) + " lines and list entries",
                    "split the project"),
             false;
    return true;
  }

  void new_line() {
    at_ = {at_.line + 1, 1};
    line_bytes_ = 0;
    in_indentation_ = true;
  }

  Diagnostics& diagnostics_;
  std::string_view rest_;
  Position at_;
  bool in_indentation_ = true;
  size_t line_bytes_ = 0;
  size_t entries_ = 0;
  int open_ = 0;
};

}  // namespace

base::Result<FileContent> read_file(const std::string& path, size_t most) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (file.get() < 0) return cannot_read(path, errno);
  struct stat facts {};
  if (::fstat(file.get(), &facts) != 0) return cannot_read(path, errno);
  if (S_ISDIR(facts.st_mode)) return cannot_read(path, "it is a directory", "name a file in it");
  if (!S_ISREG(facts.st_mode)) return cannot_read(path, "it is not a regular file", "name a file");
  FAIRLEAD_TRY(std::string text, read_all(file.get(), path, most));
  return FileContent{std::move(text), (facts.st_mode & (S_IWGRP | S_IWOTH)) != 0};
}

void check_text(Diagnostics& diagnostics) { TextScan(diagnostics).run(); }

}  // namespace fairlead::config

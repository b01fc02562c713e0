/// Reading a configuration file's bytes, and the checks that come before any parser sees them.
#pragma once
#include <string>

#include "base/result.hpp"
#include "config/diagnostics.hpp"

namespace fairlead::config {

inline constexpr size_t kMostSourceBytes = 256 * 1024;
inline constexpr size_t kMostLineBytes = 16 * 1024;
inline constexpr size_t kMostEntries = 12'000;  ///< line ends and commas
inline constexpr int kMostOpenBrackets = 64;

/// A file as it was when it was open.
struct FileContent {
  std::string text;
  bool others_may_write = false;  ///< group or everybody
};

/// The whole of a regular file. Fails when it is missing, a directory, a pipe or device, unreadable, or above
/// `most` bytes. Never blocks on a pipe. Any thread.
base::Result<FileContent> read_file(const std::string& path, size_t most);

/// Refuses what no project file needs and parsers stumble over: a byte order mark, NUL and other control
/// characters, invalid UTF-8, tabs in the indentation, endless lines, too many entries, too many open
/// brackets.
void check_text(Diagnostics& diagnostics);

}  // namespace fairlead::config

/// Diagnostics: every error of one file, with position, source line and caret. Used by all readers of YAML
/// files.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "config/project.hpp"

namespace fairlead::config {

/// One error of a file.
struct Diagnostic {
  Position at;
  std::string text;
  std::string hint;  ///< what to do about it; may be empty
};

/// Collects errors of one file, in the order of the file. Not thread safe.
class Diagnostics {
 public:
  /// `file` as the reader of the messages knows it; `source` may be empty when it could not be read.
  explicit Diagnostics(std::string file, std::string source = {});

  void error(Position at, std::string text, std::string hint = {});
  /// The same for a value that another room refused.
  void error(Position at, const base::Error& error);

  bool ok() const noexcept { return errors_.empty(); }
  /// In the order of the file; of a file that is nothing but errors the first thousand found.
  const std::vector<Diagnostic>& errors() const noexcept { return errors_; }
  const std::string& file() const noexcept { return file_; }
  const std::string& source() const noexcept { return source_; }

  /// FILE:LINE, as resolved values carry it.
  std::string where(Position at) const;
  /// FILE:LINE:COL.
  std::string origin(Position at) const;
  /// All errors for people: "FILE:LINE:COL: TEXT; HINT", the source line, a caret. At most 50, then how many
  /// more.
  std::string print() const;
  /// The first error, its text followed by the number of others. There must be one.
  base::Error first() const;

 private:
  std::string_view source_line(int line) const noexcept;
  std::string excerpt(Position at) const;

  std::string file_;
  std::string source_;
  std::vector<Diagnostic> errors_;
  size_t dropped_ = 0;
};

/// Bytes of the UTF-8 character that starts with `lead`: 1 to 4; 1 for a stray byte.
size_t character_size(char lead) noexcept;

}  // namespace fairlead::config

/// Inbox: a folder that received files are put into, whole or not at all, never over another file.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace fairlead::app {

/// The last path component of what a sender calls its file, fit to be a file name here: no control
/// characters, no leading dot, at most 200 bytes, never empty ("unnamed"). Pure.
std::string safe_file_name(std::string_view wished);
/// "model.pt", 2 -> "model-2.pt"; 0 leaves the name alone. Pure.
std::string numbered_file_name(const std::string& name, unsigned number);

/// Thread rule: any thread; several may store at once.
class Inbox {
 public:
  /// The folder must exist and be writable: bad_arguments.
  static base::Result<Inbox> open(const std::filesystem::path& folder);

  /// Writes a temporary file, syncs it, gives it the first free name and syncs the folder; the name it got.
  /// ErrorCode::failed when the disk refuses; nothing is left then.
  base::Result<std::string> store(std::string_view wished_name, base::ByteView content) const;

 private:
  explicit Inbox(std::filesystem::path folder) : folder_(std::move(folder)) {}
  base::Result<std::string> name_it(const std::string& temporary, const std::string& name) const;

  std::filesystem::path folder_;
};

}  // namespace fairlead::app

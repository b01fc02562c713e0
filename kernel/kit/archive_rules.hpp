/// What an archive may hold, for its reader and its writer alike.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "kit/archive.hpp"

namespace fairlead::kit {

/// "ZIP:1:1: TEXT; HINT", bad_configuration with a reason from the list at read_archive().
tl::unexpected<base::Error> archive_defect(const char* reason, const std::filesystem::path& zip,
                                           std::string text);
/// A name from an archive as an error may show it: in quotes, cut, nothing but printable characters.
std::string shown_name(std::string_view name);

/// The tree that an archive's names make, grown name by name. Thread rule: one thread at a time.
class ArchiveNames {
 public:
  enum class Kind { file, directory };

  /// `zip` is what errors call the archive.
  ArchiveNames(std::filesystem::path zip, const ArchiveLimits& limits)
      : zip_(std::move(zip)), limits_(limits) {}
  /// archive_path_escape, archive_bad_name, archive_duplicate or archive_too_many. `path` ends without '/'.
  base::Status add(std::string_view path, Kind kind);

 private:
  enum class Said { named, implied };
  struct Node {
    std::string spelling;
    Kind kind;
    Said said;
  };
  base::Status place(std::string_view path, Kind kind, Said said);

  std::filesystem::path zip_;
  ArchiveLimits limits_;
  size_t count_ = 0;
  std::map<std::string, Node> nodes_;  ///< by name in lower case
};

}  // namespace fairlead::kit

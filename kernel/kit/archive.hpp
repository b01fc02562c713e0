/// Zip archives that hold kits, requests and certificates: read from anybody, written for anybody. Used by
/// kit, provision and the commands.
#pragma once
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace fairlead::kit {

/// One file of an archive. Directories are implied by the paths.
struct ArchiveEntry {
  std::string path;   ///< relative, '/' between the steps; printable ASCII without '\'
  uint32_t mode = 0;  ///< permission bits 0..0777, as the archive has them: not to be trusted
  base::Secret content;
};

/// What reading may cost. An archive that exceeds one of them is refused when it gets there.
struct ArchiveLimits {
  size_t entries = 256;                ///< files and directories
  size_t expanded = 16 * 1024 * 1024;  ///< bytes of all files together, and of the archive itself
};

/// Reads a whole zip archive into memory; writes nothing anywhere. The file is opened once, never through a
/// symbolic link, and must be a regular file. Entries come in the order of the archive; directories are
/// judged and left out. Fails with bad_configuration, origin ZIP:1:1, and `reason` one of archive_not_found
/// (also: not a regular file, unreadable), archive_malformed (no zip, cut off, something before or behind it,
/// a wrong checksum or length), archive_unsupported (methods other than stored and deflated, several parts),
/// archive_encrypted, archive_path_escape (absolute, `..`, backslash), archive_bad_name (an empty step, `.`,
/// NUL, control and non-ASCII characters, above 255 bytes), archive_link (symbolic or hard link, device, or
/// the archive itself is a link), archive_duplicate (a name twice, also in another letter case, or both as a
/// file and as a directory), archive_too_many, archive_too_large. Never shows content. Thread rule: any.
base::Result<std::vector<ArchiveEntry>> read_archive(const std::filesystem::path& zip,
                                                     const ArchiveLimits& limits = {});
/// The same for an archive that is in memory; `zip` is what errors call it.
base::Result<std::vector<ArchiveEntry>> read_archive(base::ByteView bytes, const std::filesystem::path& zip,
                                                     const ArchiveLimits& limits = {});

/// What to do when there is a file of that name already.
enum class ExistingFile { keep, replace };

/// Writes `entries` in their order as the zip archive `zip` with mode `mode`: a temporary sibling, fsync,
/// rename, so that a crash leaves nothing new or all of it. Equal entries give equal bytes: times are not
/// stored. Refuses what read_archive() would refuse, with the same reasons. refused (file_exists) when
/// the file is there and is to be kept; failed when it cannot be written. Thread rule: any; not two at once
/// for the same `zip`.
base::Status write_archive(const std::filesystem::path& zip, std::span<const ArchiveEntry> entries,
                           uint32_t mode, ExistingFile existing = ExistingFile::keep);

}  // namespace fairlead::kit

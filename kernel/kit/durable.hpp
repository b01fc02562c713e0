/// Durable writing: files and directories that are on disk when the call returns. Used by kit and provision.
#pragma once
#include <filesystem>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "kit/descriptor.hpp"

namespace fairlead::kit {

inline constexpr uint32_t kKeyMode = 0600, kFileMode = 0644, kFolderMode = 0700;

/// Creates `path` (which must not exist) with exactly this mode and content, and fsyncs it.
/// ErrorCode::failed.
base::Status write_new_file(const std::filesystem::path& path, base::ByteView content, uint32_t mode);
/// Replaces `path` as a whole: temporary sibling, fsync, rename, fsync of the directory. A crash leaves old
/// or new, and the next call removes the sibling.
base::Status replace_file(const std::filesystem::path& path, base::ByteView content, uint32_t mode);
/// Makes one directory with mode 0700; one that is there already is left as it is. A symbolic link is none.
base::Status make_folder(const std::filesystem::path& path);
/// make_folder for `path` and every missing parent; each is on disk when the call returns.
base::Status make_folders(const std::filesystem::path& path);
/// Removes `path` and all below it without following links; one that is not there is no failure.
base::Status remove_tree(const std::filesystem::path& path);
/// fsync of a directory: what it holds survives a crash.
base::Status sync_folder(const std::filesystem::path& path);
/// Renames and fsyncs the directory that holds `to`.
base::Status rename_durably(const std::filesystem::path& from, const std::filesystem::path& to);

/// The same, never over something that is there, not even over an empty folder: refused, reason
/// file_exists.
base::Status rename_to_new(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace fairlead::kit

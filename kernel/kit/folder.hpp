/// Folder: reads the files of one directory through an open descriptor, so that nothing is swapped in
/// between.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "kit/descriptor.hpp"

namespace fairlead::kit {

/// No file of a kit is larger than this many bytes.
inline constexpr size_t kLargestFile = 1024 * 1024;

/// One open directory. Errors carry a reason of Kit::open.
class Folder {
 public:
  /// Fails when `path` is not a directory (kit_not_found), is a symbolic link (kit_symlink), or others may
  /// write to it (kit_unsafe_mode).
  static base::Result<Folder> open(const std::filesystem::path& path);

  /// The same for a folder of secrets, which also belongs to the effective user (kit_wrong_owner) and lets
  /// nobody else in (kit_unsafe_mode).
  static base::Result<Folder> open_private(const std::filesystem::path& path);

  /// The names inside, sorted. Fails when one is not a regular file (kit_symlink, kit_extra_file).
  base::Result<std::vector<std::string>> file_names() const;

  /// Content, permission bits and owner of one file.
  struct Content {
    base::Bytes bytes;
    uint32_t mode = 0;
    uint32_t owner = 0;
  };
  /// Reads a regular file of at most `largest` bytes, never through a link. Others may not be able
  /// to write it (kit_unsafe_mode).
  base::Result<Content> read(const std::string& name, size_t largest = kLargestFile) const;
  /// Reads a private key or, as errors call it, another secret: regular, owned by the effective user, nothing
  /// for group and others; judged on the open descriptor. Else kit_unsafe_mode or kit_wrong_owner, with the
  /// command to type as the hint.
  base::Result<base::Secret> read_key(const std::string& name, std::string_view what = "private key") const;

  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  Folder(std::filesystem::path path, Descriptor descriptor) noexcept
      : path_(std::move(path)), descriptor_(std::move(descriptor)) {}
  base::Result<Descriptor> open_file(const std::string& name, size_t largest, size_t& size, uint32_t& mode,
                                     uint32_t& owner) const;

  std::filesystem::path path_;
  Descriptor descriptor_;
};

}  // namespace fairlead::kit

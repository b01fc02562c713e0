/// PluginFile: the bytes of a plugin, read once; what is hashed and inspected is what is loaded.
#pragma once
#include <filesystem>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace fairlead::plugin {

struct PluginFile {
  std::string path;  ///< resolved
  base::Bytes content;
  std::string sha256;  ///< of content, hex

  /// Refuses with NOT_FOUND, UNSAFE_PERMISSIONS (owner is not root or us, or others may write to the file or
  /// its folder). At most 256 MiB.
  static base::Result<PluginFile> read(const std::filesystem::path& file);
};

/// A sealed copy in memory that nobody can change any more: its descriptor, which must stay open as long as
/// the library is loaded, because the dynamic loader takes "/proc/self/fd/N" for the name of the library.
base::Result<int> sealed_copy(const PluginFile& file);

}  // namespace fairlead::plugin

/// Loads the plugin under test into this process, which is a check's own child.
#pragma once
#include <filesystem>
#include <memory>

#include "fairlead/transport.h"

namespace fairlead::check {

class PluginFile {
 public:
  /// RTLD_NOW | RTLD_LOCAL. Fails the check when the loader refuses or the table is missing.
  explicit PluginFile(const std::filesystem::path& file);
  PluginFile(const PluginFile&) = delete;
  PluginFile& operator=(const PluginFile&) = delete;
  ~PluginFile();

  const fairlead_transport& table() const noexcept { return *table_; }
  /// Empties this thread's OpenSSL error queue as the plugin sees it and gives what was first in it; 0 when
  /// it was empty, or when the plugin does not use OpenSSL.
  unsigned long take_openssl_error() const;

 private:
  struct Loaded;
  std::unique_ptr<Loaded> loaded_;
  const fairlead_transport* table_ = nullptr;
};

}  // namespace fairlead::check

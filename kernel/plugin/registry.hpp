/// Registry and loader: from a scheme's name to a loaded transport, or a refusal that says what to do.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "config/shipped_transports.hpp"
#include "plugin/transport.hpp"

namespace fairlead::plugin {

/// The closed list of reasons why a plugin is not loaded. Names are a contract.
enum class LoadRefusal {
  not_found,
  unsafe_permissions,
  digest_mismatch,
  not_elf,
  not_a_transport,
  other_major,
  bad_magic,
  short_table,
  needs_newer_kernel,
  missing_slot,
  bad_descriptor,
  duplicate_scheme,
  create_failed
};
const char* name(LoadRefusal refusal) noexcept;  ///< "NOT_FOUND", "DIGEST_MISMATCH", ...

using AllowedPlugin = config::AllowedPlugin;

/// Which file to load and what it must be.
struct LoadRequest {
  std::filesystem::path file;
  std::string expected_sha256;  ///< hex; empty: not pinned
  bool trusted_link = false;
};

/// Loads one plugin in the order: resolve, open, owner and mode, size and digest, ELF and symbol without
/// loading, load from a sealed copy of what was hashed, magic, major, size, slots, caps, texts. Error::reason
/// is the LoadRefusal's name; the text names plugin, found, expected; the hint says what to do. Exit code 4.
base::Result<std::unique_ptr<Transport>> load(const LoadRequest& request, base::Log& log);

/// The folder with the shipped plugins: BINARY/../plugins in a build, PREFIX/lib/.../fairlead/plugins when
/// installed; found relative to /proc/self/exe, or to libfairlead-node when that holds the kernel.
std::filesystem::path shipped_plugin_folder();

/// The transports of one process, by scheme.
class Registry {
 public:
  /// Instances of transports that are added from now on are looked after.
  void watch_with(std::shared_ptr<Watchdog> watchdog) noexcept { watchdog_ = std::move(watchdog); }
  /// Refuses with DUPLICATE_SCHEME when a scheme is taken.
  base::Status add(std::unique_ptr<Transport> transport);
  /// nullptr when nobody has this scheme.
  Transport* find(std::string_view scheme) const noexcept;
  /// find(), loading every shipped plugin's file on first need; NOT_FOUND names the folder and known schemes.
  base::Result<Transport*> need(std::string_view scheme, const std::vector<AllowedPlugin>& allowed,
                                base::Log& log);
  const std::vector<std::unique_ptr<Transport>>& all() const noexcept { return transports_; }

 private:
  base::Error not_served(std::string_view scheme, const std::filesystem::path& folder) const;

  std::vector<std::unique_ptr<Transport>> transports_;
  std::shared_ptr<Watchdog> watchdog_;  ///< owners: this and the plugins; null: nobody looks
};

}  // namespace fairlead::plugin

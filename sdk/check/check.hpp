/// One entry of the list of checks, and what its body gets.
#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "plugin_file.hpp"
#include "setup.hpp"
#include "verdict.hpp"

namespace fairlead::check {

/// Where a check's body runs and on what. One for each run.
class Context {
 public:
  Context(std::filesystem::path file, const Setup& setup, const Configuration& configuration, uint64_t seed,
          std::filesystem::path dir);

  /// Loads the plugin the first time.
  const PluginFile& plugin();
  const fairlead_transport& table() { return plugin().table(); }
  bool can(uint32_t cap) { return (table().caps & cap) != 0; }
  /// Skips the check unless the plugin says that it can.
  void require(uint32_t cap, const char* name);
  /// From now on {dir} is a new folder: for ends that have nothing to do with those before.
  void new_scene() { scene_ = new_dir(); }
  /// An address or value of the setup with its places filled in.
  std::string fill(const std::string& text, const std::string& address = {});
  Options fill(Options options);
  /// A new folder of this run's own.
  std::string new_dir();

  const std::filesystem::path file;
  const Setup& setup;
  const Configuration& configuration;
  const uint64_t seed;

 private:
  std::filesystem::path dir_;
  std::string scene_;
  unsigned dirs_ = 0;
  std::unique_ptr<PluginFile> plugin_;
};

/// Once for a plugin, or once for each configuration of its setup.
enum class Scope { plugin, configuration };
/// What a failure means for the checks after it.
enum class Weight { single, gate };

struct Check {
  const char* id;
  const char* what;  ///< one sentence
  Scope scope;
  Weight weight;
  int limit_s;  ///< deadline of one run
  Verdict (*body)(Context&);
};

/// All checks, in order.
std::span<const Check> all_checks() noexcept;

}  // namespace fairlead::check

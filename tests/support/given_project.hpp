/// A provisioned project in a temporary directory: what most tests above the crypto room start from.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "provision/provision.hpp"

namespace fairlead::support {

/// A directory of its own below the system's temporary one, mode 0700, removed with everything in it.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(TempDir&& other) noexcept;
  TempDir& operator=(TempDir&&) = delete;
  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

/// Writes or replaces a whole file; ends the test program when that is impossible.
void write_text(const std::filesystem::path& path, std::string_view content);
/// The whole file; empty when it is not there.
std::string read_text(const std::filesystem::path& path);

/// Project `demo`: server.example.com, site-1, site-2, service-1, admin@example.com (project_admin).
extern const std::string_view kSmallProject;

/// A project file that was provisioned like `fairlead provision --no-passphrase` does. Ends the test program
/// when the project file is wrong: scenarios that expect a failure call try_provision.
class GivenProject {
 public:
  explicit GivenProject(std::string_view yaml = kSmallProject);
  GivenProject(std::string_view yaml, const base::Clock& clock);

  /// Provisions again from another project file, in the same workspace.
  void provision(std::string_view yaml);
  /// The same, giving the outcome. An empty `options.workspace` means this project's.
  base::Result<provision::ProvisionReport> try_provision(std::string_view yaml,
                                                         provision::ProvisionOptions options = {});

  /// The current kit of a participant, such as kit("site-1").
  std::filesystem::path kit(std::string_view participant) const;
  /// The workspace that was given to provision.
  std::filesystem::path workspace() const { return folder_.path() / "workspace"; }
  /// A place for files of the test.
  const std::filesystem::path& folder() const noexcept { return folder_.path(); }
  /// Of the last run that succeeded.
  const provision::ProvisionReport& report() const noexcept { return report_; }

 private:
  TempDir folder_;
  base::SystemClock system_clock_;
  const base::Clock* clock_ = nullptr;  ///< null: the system's
  provision::ProvisionReport report_;
};

}  // namespace fairlead::support

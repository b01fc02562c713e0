/// A project one of whose sites keeps its key: what the tests of requests, approvals and renewals start from.
#pragma once
#include <gtest/gtest.h>

#include "provision/approve.hpp"
#include "provision/install.hpp"
#include "provision/site_request.hpp"
#include "scenarios.hpp"

namespace fairlead::support {

/// The small project with `key_custody: site` for site-1.
std::string with_site_key();

/// Project `demo` in a workspace, and the places of its sites.
class Distributed : public testing::Test {
 protected:
  explicit Distributed(std::string yaml = with_site_key()) : project(yaml) {}

  std::filesystem::path zip(const std::string& name) const { return project.folder() / (name + ".zip"); }
  std::filesystem::path folder(const std::string& site) const { return project.folder() / "sites" / site; }
  /// The root's fingerprint, as an admin would say it on the telephone.
  std::string root() const { return project.report().root_sha256; }

  /// Makes a request of `subject` in folder(`site`) and writes NAME.zip. Ends the test when that fails.
  provision::PendingRequest request(const provision::Subject& subject, const std::string& site,
                                    const std::string& name);
  provision::PendingRequest request() {
    return request({"demo", "site-1", base::ParticipantType::client}, "site-1", "request");
  }
  base::Result<provision::Approval> approve(const std::string& request = "request",
                                            const std::string& output = "approval",
                                            provision::OtherKey other_key = provision::OtherKey::refused);
  base::Result<kit::Kit> install(const std::string& approval = "approval",
                                 const std::string& site = "site-1");
  /// request, approve and install of site-1.
  kit::Kit installed_site();

  GivenProject project;
  base::SystemClock clock;
  base::SystemRandom random;
};

template <class T>
std::string reason_of(const base::Result<T>& result) {
  return result ? "" : result.error().reason;
}

/// Writes an archive whatever it says; replaces one.
void write_zip(const std::filesystem::path& zip, const std::vector<kit::ArchiveEntry>& entries);
/// The entries of an archive, which must be readable.
std::vector<kit::ArchiveEntry> read_zip(const std::filesystem::path& zip);
/// Replaces the content of one entry.
void set_content(std::vector<kit::ArchiveEntry>& entries, const std::string& path, std::string_view content);
std::string content_of(const std::vector<kit::ArchiveEntry>& entries, const std::string& path);

}  // namespace fairlead::support

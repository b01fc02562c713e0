/// ReferenceProject: startup kits as the provisioner of the reference writes them, file by file and mode by
/// mode, made from their description and not by it.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "support/given_project.hpp"
#include "support/reference_certificates.hpp"

namespace fairlead::support {

/// What its project file says.
struct ReferencePlan {
  std::string project = "example_project";
  std::string server = "server1";
  std::string default_host{};                           ///< set: then the server's name is not in its SAN
  std::vector<std::string> host_names = {"127.0.0.1"};  ///< further SANs; empty: none
  std::string connect_to = "127.0.0.1";                 ///< of everybody
  std::string connection_security = "mtls";             ///< as written
  std::string server_security{};                        ///< empty: the same
  std::string scheme = "grpc";
  uint16_t port = 8002, admin_port = 8003;
  std::vector<std::string> sites = {"site-1"};
  std::map<std::string, std::string> admins = {{"admin@example.org", "project_admin"}};  ///< name, role
  std::string custom_ca{};      ///< PEM for customRootCA.pem of everybody but admins; empty: none
  std::string relay{};          ///< a relay of this name, to which the sites connect
  bool has_signatures = false;  ///< made for homomorphic encryption
  std::string server_usage{};   ///< extendedKeyUsage of the server's certificate; the reference has none
  int first_key = 0;            ///< number of its root's key; the others follow
  std::string root_pem{}, root_key_pem{};  ///< of another project, which issues here; empty: its own
};

/// In a temporary directory: PROJECT/prod_00/PARTICIPANT.
class ReferenceProject {
 public:
  explicit ReferenceProject(ReferencePlan plan = {});

  std::filesystem::path kit(const std::string& participant) const { return kits_ / participant; }
  const std::filesystem::path& folder() const noexcept { return folder_.path(); }

  /// Another certificate and key into the place of a participant's, named `files` ("client" or "server").
  void replace_certificate(const std::string& participant, const std::string& files,
                           const ReferenceCertificate& about) const;
  /// A revocation list of this root that names the certificates of these participants' kits.
  std::string list(long number, const std::vector<std::string>& revoked) const;

 private:
  void write_server();
  void write_site(const std::string& name, int key);
  void write_admin(const std::string& name, const std::string& role, int key);
  void write_relay(int key);
  void write_startup(const std::string& name, const std::string& file, const base::Json& content) const;
  void write_local(const std::string& name, const std::string& kind) const;
  void write_credentials(const std::string& name, const std::string& files, const ReferenceCertificate& about,
                         const OwnedKey& key) const;
  std::vector<std::string> server_names() const;

  TempDir folder_;
  ReferencePlan plan_;
  std::filesystem::path kits_;
  OwnedKey root_key_;
  OwnedCertificate root_;
};

/// Replaces the first occurrence in a file, which keeps its mode; ends the test program when there is none.
void edit(const std::filesystem::path& file, std::string_view what, std::string_view with);
/// Sets the permission bits of a file or folder.
void set_mode(const std::filesystem::path& path, unsigned mode);

}  // namespace fairlead::support

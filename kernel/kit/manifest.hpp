/// Manifest: the signed list of what a kit is and holds. Written by provision, read by Kit.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "kit/settings.hpp"

namespace fairlead::kit {

inline constexpr std::string_view kManifestLabel = "FAIRLEAD1 kit manifest";
/// Names inside startup/.
inline constexpr const char *kManifestFile = "manifest.json", *kSignatureFile = "manifest.sig",
                            *kSettingsFile = "fairlead.json", *kRootFile = "rootCA.pem",
                            *kCustomCaFile = "customRootCA.pem";

/// One file whose exact content is signed.
struct ManifestFile {
  std::string name;    ///< inside startup/, without a directory
  uint64_t size = 0;   ///< bytes
  uint32_t mode = 0;   ///< the most it may be; less is fine
  std::string sha256;  ///< lower-case hex
};

struct Manifest {
  std::string project, participant;
  base::ParticipantType type = base::ParticipantType::client;
  std::string kit_id;
  uint64_t kit_version = 0;
  std::string root_sha256;             ///< of rootCA.pem's certificate, lower-case hex
  std::string server_uri;              ///< the identity the server must prove
  std::vector<std::string> endpoints;  ///< addresses: listened on (server) or connected to
  base::ConnectionSecurity connection_security = base::ConnectionSecurity::mtls;
  std::string custom_ca_sha256;  ///< of customRootCA.pem's bytes; empty: none
  base::MessageSecurity message_security = base::MessageSecurity::automatic;
  config::WeakerOverrides weaker_overrides = config::WeakerOverrides::refused;
  std::vector<AllowedPlugin> plugins;
  std::vector<ManifestFile> files;  ///< by content
  std::vector<std::string>
      bound;  ///< certificates and keys: bound by chain, name, type and key, not by content
};

/// The bytes that are signed and stored as manifest.json.
std::string to_text(const Manifest& manifest);
/// Fails with kit_bad_manifest, or kit_path_escape for a file name that leaves startup/; `origin` is the
/// caller's.
base::Result<Manifest> parse_manifest(std::string_view text);

/// Certificate and key file names of a participant of this type; the token signer's is there for the server
/// only.
struct CredentialFiles {
  std::string certificate, key;
};
CredentialFiles identity_files(base::ParticipantType type);
CredentialFiles token_files();
/// Of the issuing CA, when the server has one.
CredentialFiles issuer_files();
/// All names that a kit of this type binds, sorted; without curve.*.
std::vector<std::string> required_bound_files(base::ParticipantType type);

}  // namespace fairlead::kit

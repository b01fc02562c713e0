#include "provision/kit_writer.hpp"

#include <string>

#include "config/local_settings.hpp"
#include "crypto/chain.hpp"
#include "crypto/digest.hpp"
#include "kit/durable.hpp"
#include "kit/manifest.hpp"
#include "kit/stored_settings.hpp"
#include "provision/samples.hpp"

namespace fairlead::provision {
namespace {

namespace fs = std::filesystem;

/// A file of startup/ whose content the manifest signs.
struct SignedFile {
  const char* name;
  std::string content;
};

std::vector<SignedFile> signed_files(const PlannedKit& planned, const KitCurve& curve,
                                     const Authority& authority) {
  std::vector<SignedFile> files = {{kit::kSettingsFile, planned.settings.dump(2) + "\n"},
                                   {kit::kRootFile, authority.root.to_pem()}};
  if (!planned.custom_ca_pem.empty()) files.push_back({kit::kCustomCaFile, planned.custom_ca_pem});
  if (!curve.server_statement.empty())
    files.push_back({kit::kServerCurveFile, base::to_text(curve.server_statement)});
  return files;
}

std::string digest_text(std::string_view content) {
  return base::hex(crypto::sha256({base::as_bytes(content)}));
}

std::vector<std::string> endpoints_of(const config::ResolvedParticipant& participant) {
  if (participant.type != base::ParticipantType::server) return {config::text(participant.connect_to.value)};
  std::vector<std::string> endpoints;
  for (const config::Listener& listener : participant.listeners) endpoints.push_back(config::text(listener));
  return endpoints;
}

kit::Manifest manifest_of(const PlannedKit& planned, const std::vector<SignedFile>& files,
                          const Authority& authority) {
  const config::ResolvedParticipant& participant = *planned.participant;
  kit::Manifest manifest;
  manifest.project = planned.settings["project"].text();
  manifest.participant = participant.name;
  manifest.type = participant.type;
  manifest.root_sha256 = base::hex(authority.root.sha256());
  manifest.server_uri = planned.settings["server"]["uri"].text();
  manifest.endpoints = endpoints_of(participant);
  manifest.connection_security = participant.connection_security.value;
  manifest.message_security = participant.message_security.value;
  manifest.weaker_overrides = participant.weaker_overrides.value;
  if (!planned.custom_ca_pem.empty()) manifest.custom_ca_sha256 = digest_text(planned.custom_ca_pem);
  for (const SignedFile& file : files)
    manifest.files.push_back({file.name, file.content.size(), kit::kFileMode, digest_text(file.content)});
  manifest.bound = kit::required_bound_files(participant.type);
  if (participant.issuing_ca.value) {
    manifest.bound.push_back(kit::issuer_files().certificate);
    manifest.bound.push_back(kit::issuer_files().key);
  }
  return manifest;
}

base::Status write_credentials(const fs::path& startup, const kit::CredentialFiles& names,
                               const CredentialTexts& texts) {
  FAIRLEAD_TRY(kit::write_new_file(startup / names.certificate, base::as_bytes(texts.certificate_pem),
                                   kit::kFileMode));
  if (texts.key_pem.empty()) return {};
  return kit::write_new_file(startup / names.key, texts.key_pem.expose(), kit::kKeyMode);
}

base::Status write_curve(const fs::path& startup, const kit::OwnCurve& own) {
  FAIRLEAD_TRY(kit::write_new_file(startup / kit::kCurvePublicFile, own.public_key, kit::kFileMode));
  return kit::write_new_file(startup / kit::kCurveKeyFile, own.secret.expose(), kit::kKeyMode);
}

base::Status write_startup(const fs::path& startup, const std::vector<SignedFile>& files,
                           const kit::Manifest& manifest, const KitCredentials& credentials,
                           const KitCurve& curve, const Authority& authority) {
  FAIRLEAD_TRY(kit::make_folder(startup));
  for (const SignedFile& file : files)
    FAIRLEAD_TRY(kit::write_new_file(startup / file.name, base::as_bytes(file.content), kit::kFileMode));
  FAIRLEAD_TRY(write_credentials(startup, kit::identity_files(manifest.type), credentials.identity));
  if (credentials.token) FAIRLEAD_TRY(write_credentials(startup, kit::token_files(), *credentials.token));
  if (credentials.issuer) FAIRLEAD_TRY(write_credentials(startup, kit::issuer_files(), *credentials.issuer));
  if (curve.own != nullptr) FAIRLEAD_TRY(write_curve(startup, *curve.own));
  const std::string text = kit::to_text(manifest);
  FAIRLEAD_TRY(const base::Bytes signature, authority.key.sign(kit::kManifestLabel, base::as_bytes(text)));
  FAIRLEAD_TRY(kit::write_new_file(startup / kit::kManifestFile, base::as_bytes(text), kit::kFileMode));
  FAIRLEAD_TRY(kit::write_new_file(startup / kit::kSignatureFile, signature, kit::kFileMode));
  return kit::sync_folder(startup);
}

base::Status write_peers(const fs::path& folder, const std::map<std::string, base::Bytes>& statements) {
  FAIRLEAD_TRY(kit::make_folder(folder));
  for (const auto& [name, statement] : statements)
    FAIRLEAD_TRY(kit::write_new_file(folder / (name + kit::kStatementEnding), statement, kit::kFileMode));
  return kit::sync_folder(folder);
}

base::Status write_local(const fs::path& local, base::ParticipantType type, const KitCurve& curve) {
  FAIRLEAD_TRY(kit::make_folder(local));
  FAIRLEAD_TRY(kit::write_new_file(local / "fairlead.yml",
                                   base::as_bytes(config::local_settings_sample(type)), kit::kFileMode));
  FAIRLEAD_TRY(
      kit::write_new_file(local / "privacy.json.sample", base::as_bytes(privacy_sample()), kit::kFileMode));
  if (!curve.statements.empty()) FAIRLEAD_TRY(write_peers(local / kit::kPeersFolder, curve.statements));
  return kit::sync_folder(local);
}

}  // namespace

base::Status write_kit(const fs::path& kit, const PlannedKit& planned, const KitCredentials& credentials,
                       const KitCurve& curve, const Authority& authority,
                       const std::vector<kit::AllowedPlugin>& plugins, const std::string& kit_id,
                       uint64_t kit_version) {
  const std::vector<SignedFile> files = signed_files(planned, curve, authority);
  kit::Manifest manifest = manifest_of(planned, files, authority);
  if (curve.own != nullptr)
    manifest.bound.insert(manifest.bound.end(), {kit::kCurvePublicFile, kit::kCurveKeyFile});
  manifest.plugins = plugins;
  manifest.kit_id = kit_id;
  manifest.kit_version = kit_version;
  FAIRLEAD_TRY(kit::make_folder(kit));
  FAIRLEAD_TRY(write_startup(kit / "startup", files, manifest, credentials, curve, authority));
  FAIRLEAD_TRY(write_local(kit / "local", planned.participant->type, curve));
  FAIRLEAD_TRY(kit::make_folder(kit / "transfer"));
  return kit::sync_folder(kit);
}

}  // namespace fairlead::provision

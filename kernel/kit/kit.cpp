#include "kit/kit.hpp"

#include <algorithm>
#include <system_error>

#include "base/assert.hpp"
#include "crypto/digest.hpp"
#include "kit/credentials.hpp"
#include "kit/defect.hpp"
#include "kit/delegated.hpp"
#include "kit/folder.hpp"
#include "kit/manifest.hpp"
#include "kit/reference_files.hpp"
#include "kit/reference_kit.hpp"
#include "kit/stored_settings.hpp"
#include "kit/version_memory.hpp"

namespace fairlead::kit {
namespace {

/// Gives an error of a lower function its file.
base::Error at_file(base::Error error, const std::filesystem::path& file) {
  if (error.origin.empty()) error.origin = file.string() + ":1:1";
  if (error.hint.empty()) error.hint = "copy the kit again from the one that provision made";
  return error;
}

/// The signature is checked over the raw bytes before anything in them is read.
base::Result<Manifest> read_manifest(const Folder& startup, const crypto::Certificate& root) {
  FAIRLEAD_TRY(const Folder::Content text, startup.read(kManifestFile));
  FAIRLEAD_TRY(const Folder::Content signature, startup.read(kSignatureFile));
  const std::filesystem::path file = startup.path() / kManifestFile;
  const auto signer = root.public_key();
  if (!signer) return defect("kit_bad_certificate", startup.path() / kRootFile, signer.error().text);
  if (!signer->verify(kManifestLabel, text.bytes, signature.bytes))
    return defect("kit_bad_signature", file,
                  "manifest.sig is not a signature of this manifest by the root in rootCA.pem (sha256 " +
                      base::hex(root.sha256()) + ")");
  auto manifest = parse_manifest(base::as_text(text.bytes));
  if (!manifest) return tl::unexpected(at_file(std::move(manifest).error(), file));
  if (manifest->root_sha256 != base::hex(root.sha256()))
    return defect(
        "kit_wrong_root", startup.path() / kRootFile,
        "root has sha256 " + base::hex(root.sha256()) + ", the manifest names " + manifest->root_sha256);
  return manifest;
}

/// A delegated kit has none of the keys of its site, and one that provision keeps may have none either.
enum class Whose { participants, others };

/// Nothing missing, nothing extra.
base::Status check_names(const Folder& startup, const Manifest& manifest,
                         const std::vector<std::string>& found, Whose whose) {
  std::vector<std::string> expected = {kManifestFile, kSignatureFile};
  for (const ManifestFile& file : manifest.files) expected.push_back(file.name);
  for (const std::string& name : manifest.bound)
    if (whose == Whose::participants || !name.ends_with(".key")) expected.push_back(name);
  for (const std::string& name : expected)
    if (!std::binary_search(found.begin(), found.end(), name))
      return defect("kit_missing_file", startup.path() / name, name + " is missing");
  std::sort(expected.begin(), expected.end());
  if (std::adjacent_find(expected.begin(), expected.end()) != expected.end())
    return defect("kit_bad_manifest", startup.path() / kManifestFile, "manifest: a file is listed twice");
  for (const std::string& name : found)
    if (!std::binary_search(expected.begin(), expected.end(), name))
      return defect("kit_extra_file", startup.path() / name, name + " is not part of this kit",
                    "move it out of startup/");
  return {};
}

base::Result<base::Bytes> read_signed_file(const Folder& startup, const ManifestFile& expected) {
  FAIRLEAD_TRY(Folder::Content content, startup.read(expected.name));
  const std::filesystem::path file = startup.path() / expected.name;
  const std::string found = base::hex(crypto::sha256({content.bytes}));
  if (content.bytes.size() != expected.size || found != expected.sha256)
    return defect("kit_changed", file,
                  expected.name + " has " + std::to_string(content.bytes.size()) + " bytes and sha256 " +
                      found + ", the signed manifest expects " + std::to_string(expected.size) +
                      " bytes and " + expected.sha256);
  if ((content.mode & ~expected.mode) != 0)
    return defect("kit_unsafe_mode", file,
                  expected.name + " has mode " + octal(content.mode) + ", expected " + octal(expected.mode),
                  "type: chmod " + octal(expected.mode) + " " + file.string());
  return std::move(content.bytes);
}

base::Status check_agreement(const Folder& startup, const Manifest& manifest, const KitSettings& settings) {
  const bool agree = manifest.project == settings.project && manifest.participant == settings.name &&
                     manifest.type == settings.type && manifest.server_uri == settings.server_uri &&
                     manifest.connection_security == settings.connection_security &&
                     manifest.message_security == settings.message_security &&
                     manifest.weaker_overrides == settings.weaker_overrides;
  if (agree) return {};
  return defect("kit_mixed", startup.path() / kSettingsFile,
                "fairlead.json and manifest.json speak of different participants or security");
}

base::Result<ReadSettings> settings_from(const Folder& startup, const base::Json& tree,
                                         const Manifest& manifest) {
  const std::filesystem::path file = startup.path() / kSettingsFile;
  auto read = read_stored_settings(tree);
  if (!read) return defect("kit_bad_settings", file, read.error().text);
  FAIRLEAD_TRY(check_agreement(startup, manifest, read->settings));
  read->settings.plugins = manifest.plugins;
  read->settings.kit_id = manifest.kit_id;
  read->settings.kit_version = manifest.kit_version;
  if (!manifest.custom_ca_sha256.empty())
    read->participant.custom_ca_file = (startup.path() / kCustomCaFile).string();
  return read;
}

/// Everything whose content the manifest signs.
struct SignedFiles {
  base::Json settings;
  std::optional<std::string> custom_ca_pem;
};

base::Result<SignedFiles> read_signed_files(const Folder& startup, const Manifest& manifest) {
  SignedFiles files;
  for (const ManifestFile& entry : manifest.files) {
    FAIRLEAD_TRY(const base::Bytes bytes, read_signed_file(startup, entry));
    if (entry.name == kCustomCaFile) files.custom_ca_pem = base::to_text(bytes);
    if (entry.name != kSettingsFile) continue;
    auto tree = base::Json::parse(base::as_text(bytes));
    if (!tree) return defect("kit_bad_settings", startup.path() / entry.name, tree.error().text);
    files.settings = std::move(*tree);
  }
  return files;
}

/// Who this kit logs in as.
struct Identity {
  Kit::Credentials own;
  std::optional<Kit::Delegated> delegated;
};

base::Result<Identity> load_identity(const std::filesystem::path& kit, const Folder& startup,
                                     const Manifest& manifest, const crypto::TrustAnchor& anchor,
                                     KeyPlace keys) {
  const std::string uri = crypto::identity_uri(manifest.project, manifest.type, manifest.participant);
  const ExpectedIdentity expected{uri, {}, login_purpose(manifest.type)};
  if (!is_delegated(kit)) {
    FAIRLEAD_TRY(Kit::Credentials own,
                 load_credentials(startup, identity_files(manifest.type), anchor, expected, keys));
    return Identity{std::move(own), std::nullopt};
  }
  if (manifest.type != base::ParticipantType::client && manifest.type != base::ParticipantType::service)
    return defect("kit_bad_delegation", kit / kDelegationFolder,
                  std::string("a participant of type ") + base::name(manifest.type) + " cannot delegate",
                  "move the folder away");
  if (manifest.connection_security == base::ConnectionSecurity::mtls)
    return defect("kit_bad_delegation", kit / kDelegationFolder,
                  "the site connects by mtls, which a third party cannot", "use connection_security tls");
  FAIRLEAD_TRY(LoadedDelegation loaded, load_delegation(kit, startup, anchor, expected));
  return Identity{std::move(loaded.holder), std::move(loaded.delegated)};
}

/// What only a server has.
struct ServerCredentials {
  std::optional<Kit::Credentials> token, issuer;
};

base::Result<ServerCredentials> load_server_credentials(const Folder& startup, const Manifest& manifest,
                                                        const crypto::TrustAnchor& anchor, KeyPlace keys) {
  ServerCredentials loaded;
  if (manifest.type != base::ParticipantType::server) return loaded;
  const std::string signer = crypto::token_signer_uri(manifest.project, manifest.participant);
  FAIRLEAD_TRY(loaded.token, load_credentials(startup, token_files(), anchor,
                                              {signer, {}, crypto::ChainPurpose::token_signing}, keys));
  const std::string certificate = issuer_files().certificate;
  if (std::find(manifest.bound.begin(), manifest.bound.end(), certificate) == manifest.bound.end())
    return loaded;
  const std::string issuer = crypto::issuer_uri(manifest.project, manifest.participant);
  FAIRLEAD_TRY(loaded.issuer, load_credentials(startup, issuer_files(), anchor,
                                               {issuer, {}, crypto::ChainPurpose::issuing}, keys));
  return loaded;
}

/// What a kit with a zmq endpoint has beside the rest.
struct CurveParts {
  std::optional<OwnCurve> own;
  std::optional<crypto::X25519Public> server;
};

base::Result<CurveParts> load_curve(const Folder& startup, const Manifest& manifest,
                                    const KitSettings& settings, const crypto::Certificate& root,
                                    CurveSecret secret) {
  CurveParts loaded;
  if (std::ranges::find(manifest.bound, kCurvePublicFile) != manifest.bound.end()) {
    FAIRLEAD_TRY(loaded.own, load_own_curve(startup, secret));
  }
  if (std::ranges::find(manifest.files, kServerCurveFile, &ManifestFile::name) == manifest.files.end())
    return loaded;
  FAIRLEAD_TRY(const crypto::PublicKey signer, root.public_key());
  FAIRLEAD_TRY(loaded.server, load_server_curve(startup, signer, settings.project, settings.server_name));
  return loaded;
}

bool holds_key(const std::vector<std::string>& names) {
  return std::any_of(names.begin(), names.end(),
                     [](const std::string& name) { return name.ends_with(".key"); });
}

}  // namespace

base::Result<Kit> Kit::open(const std::filesystem::path& path, VersionMemory memory) {
  return open(path, memory, Keys::demanded);
}

base::Result<Kit> Kit::open_issued(const std::filesystem::path& path) {
  return open(path, VersionMemory::only_check, Keys::as_found);
}

base::Result<Kit> Kit::open(const std::filesystem::path& path, VersionMemory memory, Keys keys) {
  FAIRLEAD_TRY(const Folder startup, Folder::open(path / "startup"));
  FAIRLEAD_TRY(const std::vector<std::string> found, startup.file_names());
  FAIRLEAD_TRY(const auto reference, find_reference_kit(path, found));
  if (reference) {
    FAIRLEAD_TRY(Parts parts, open_reference_kit(path, startup, *reference));
    return Kit(std::move(parts));
  }
  FAIRLEAD_TRY(const crypto::Certificate root, load_root(startup));
  FAIRLEAD_TRY(const Manifest manifest, read_manifest(startup, root));
  const KeyPlace place = keys == Keys::as_found && !holds_key(found) ? KeyPlace::elsewhere : KeyPlace::here;
  const bool is_whole = place == KeyPlace::here && !is_delegated(path);
  const Whose whose = is_whole ? Whose::participants : Whose::others;
  FAIRLEAD_TRY(check_names(startup, manifest, found, whose));
  FAIRLEAD_TRY(SignedFiles files, read_signed_files(startup, manifest));
  FAIRLEAD_TRY(ReadSettings read, settings_from(startup, files.settings, manifest));

  const crypto::TrustAnchor anchor{root, crypto::LegacyRules::no};
  FAIRLEAD_TRY(Identity identity, load_identity(path, startup, manifest, anchor, place));
  FAIRLEAD_TRY(ServerCredentials of_server, load_server_credentials(startup, manifest, anchor, place));
  FAIRLEAD_TRY(CurveParts curve, load_curve(startup, manifest, read.settings, root,
                                            is_whole ? CurveSecret::here : CurveSecret::elsewhere));
  FAIRLEAD_TRY(check_version(path, {manifest.kit_id, manifest.root_sha256, manifest.kit_version}, memory));
  return Kit(Parts{.path = path,
                   .settings_file = startup.path() / kSettingsFile,
                   .settings = std::move(read.settings),
                   .stored_settings = std::move(files.settings),
                   .participant = std::move(read.participant),
                   .anchor = anchor,
                   .custom_ca_pem = std::move(files.custom_ca_pem),
                   .identity = std::move(identity.own),
                   .token = std::move(of_server.token),
                   .issuer = std::move(of_server.issuer),
                   .delegated = std::move(identity.delegated),
                   .curve = std::move(curve.own),
                   .server_curve = curve.server});
}

const crypto::Certificate* Kit::token_certificate() const noexcept {
  return parts_.token ? &parts_.token->chain.front() : nullptr;
}

const crypto::PrivateKey* Kit::token_key() const noexcept {
  return parts_.token && parts_.token->key ? &*parts_.token->key : nullptr;
}

const crypto::PrivateKey& Kit::key() const noexcept {
  FAIRLEAD_ASSERT(has_keys());
  return *parts_.identity.key;
}

base::Status Kit::remember_version() const {
  if (!is_signed()) return {};
  const SeenVersion now{settings().kit_id, base::hex(root().sha256()), settings().kit_version};
  return check_version(path(), now, VersionMemory::remember);
}

std::vector<crypto::Certificate> Kit::intermediates() const {
  const auto& chain = parts_.delegated ? parts_.delegated->site_chain : parts_.identity.chain;
  return {chain.begin() + 1, chain.end()};
}

base::WallTime Kit::expires() const {
  base::WallTime end = std::min(root().not_after(), leaf().not_after());
  if (parts_.token) end = std::min(end, token_certificate()->not_after());
  if (parts_.issuer) end = std::min(end, parts_.issuer->chain.front().not_after());
  if (parts_.delegated) end = std::min(end, parts_.delegated->content.expires);
  return end;
}

base::Result<std::filesystem::path> Kit::state_dir() const { return make_state_folder(path()); }

bool is_kit(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::is_directory(path / "startup", ignored);
}

config::ResolvedParticipant resolved_participant(const Kit& kit) { return kit.parts_.participant; }

}  // namespace fairlead::kit

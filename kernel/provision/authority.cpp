#include "provision/authority.hpp"

#include <system_error>

#include "crypto/chain.hpp"
#include "kit/durable.hpp"
#include "kit/folder.hpp"
#include "kit/manifest.hpp"

namespace fairlead::provision {
namespace {

namespace fs = std::filesystem;
constexpr const char* kRootKeyFile = "rootCA.key";
constexpr auto kRootLife = std::chrono::days(3652);

tl::unexpected<base::Error> bad_root(const fs::path& file, std::string text, std::string hint,
                                     std::string reason = "root_key") {
  return tl::unexpected<base::Error>(base::Error{base::ErrorCode::bad_configuration, std::move(text),
                                                 std::move(hint), file.string() + ":1:1", std::move(reason)});
}

bool is_encrypted(base::ByteView pem) {
  return base::as_text(pem).find("BEGIN ENCRYPTED PRIVATE KEY") != std::string_view::npos;
}

base::Result<base::Secret> ask(const PassphraseSource& passphrase, PassphraseNeed need) {
  if (!passphrase) return base::Secret();
  return passphrase(need);
}

/// Writes the state folder beside its place and renames it.
base::Status write_state(const fs::path& state, const crypto::Certificate& root,
                         const base::Secret& key_pem) {
  const fs::path temporary = state.parent_path() / ".state.tmp";
  FAIRLEAD_TRY(kit::remove_tree(temporary));  // what a crashed run left
  FAIRLEAD_TRY(kit::make_folder(temporary));
  FAIRLEAD_TRY(
      kit::write_new_file(temporary / kit::kRootFile, base::as_bytes(root.to_pem()), kit::kFileMode));
  FAIRLEAD_TRY(kit::write_new_file(temporary / kRootKeyFile, key_pem.expose(), kit::kKeyMode));
  FAIRLEAD_TRY(kit::sync_folder(temporary));
  return kit::rename_durably(temporary, state);
}

}  // namespace

base::Result<std::optional<crypto::Certificate>> read_root(const fs::path& state) {
  std::error_code error;
  if (!fs::exists(state, error) && !error) return std::nullopt;
  FAIRLEAD_TRY(const kit::Folder folder, kit::Folder::open(state));
  FAIRLEAD_TRY(const kit::Folder::Content pem, folder.read(kit::kRootFile));
  auto roots = crypto::read_pem_certificates(pem.bytes);
  if (roots && roots->size() == 1) return std::move(roots->front());
  return bad_root(state / kit::kRootFile, "this is not the root certificate of a project",
                  "restore it from a backup");
}

base::Result<Authority> open_authority(const fs::path& state, const crypto::Certificate& root,
                                       const PassphraseSource& passphrase) {
  const fs::path file = state / kRootKeyFile;
  FAIRLEAD_TRY(const kit::Folder folder, kit::Folder::open(state));
  FAIRLEAD_TRY(const base::Secret pem, folder.read_key(kRootKeyFile));
  const bool encrypted = is_encrypted(pem.expose());
  base::Secret secret;
  if (encrypted) {
    FAIRLEAD_TRY(secret, ask(passphrase, PassphraseNeed::existing_key));
    if (secret.empty())
      return bad_root(file, "the root key is encrypted and no passphrase was given",
                      "use --passphrase-fd or --passphrase-env", "root_key_passphrase");
  }
  auto key = crypto::PrivateKey::from_pem(pem.expose(), secret.expose());
  if (!key && encrypted)
    return bad_root(file, "cannot open the root key: wrong passphrase", "give the one of the first run",
                    "root_key_passphrase");
  if (!key)
    return bad_root(file, "cannot read the root key: " + key.error().text, "restore it from a backup");
  FAIRLEAD_TRY(const crypto::PublicKey certified, root.public_key());
  if (!base::equal(certified.spki(), key->public_key().spki()))
    return bad_root(file, "rootCA.key is not the key of rootCA.pem", "restore both from one backup");
  return Authority{root, std::move(*key), encrypted};
}

base::Result<Authority> make_authority(const fs::path& state, const std::string& project,
                                       const ProvisionOptions& options, base::WallTime now,
                                       base::Random& random) {
  FAIRLEAD_TRY(const base::Secret secret, ask(options.passphrase, PassphraseNeed::new_key));
  FAIRLEAD_TRY(crypto::PrivateKey key, crypto::PrivateKey::generate(options.key_type));
  crypto::CertificateProfile profile;
  profile.use = crypto::CertificateUse::root;
  profile.name = project;
  profile.uri = crypto::root_uri(project);
  profile.not_before = now - kBackDated;
  profile.not_after = now + kRootLife;
  FAIRLEAD_TRY(crypto::Certificate root,
               crypto::issue_certificate(profile, key.public_key(), nullptr, key, random));
  FAIRLEAD_TRY(const base::Secret pem, key.to_pem(secret.expose()));
  FAIRLEAD_TRY(write_state(state, root, pem));
  return Authority{std::move(root), std::move(key), !secret.empty()};
}

std::string unencrypted_warning(const fs::path& state) {
  return "the root key in " + state.string() +
         " is not encrypted: who can read it can make kits of this project";
}

}  // namespace fairlead::provision

#include "provision/install.hpp"

#include <algorithm>
#include <optional>
#include <system_error>

#include "kit/durable.hpp"
#include "kit/exchange.hpp"
#include "kit/folder.hpp"
#include "kit/install.hpp"
#include "kit/manifest.hpp"
#include "kit/version_memory.hpp"
#include "provision/kit_entries.hpp"
#include "provision/refuse.hpp"
#include "provision/site_request.hpp"

namespace fairlead::provision {
namespace {

namespace fs = std::filesystem;
using Entries = std::vector<kit::ArchiveEntry>;

base::Status check_root(const Entries& entries, const std::string& expected) {
  const kit::ArchiveEntry* root = find_entry(entries, std::string("startup/") + kit::kRootFile);
  auto certificates = root != nullptr ? crypto::read_pem_certificates(root->content.expose())
                                      : base::fail(base::ErrorCode::refused, "there is no rootCA.pem");
  if (!certificates)
    return refuse("approval_malformed", "the approval has no root certificate: " + certificates.error().text,
                  "ask for the answer of `fairlead cert approve`");
  const std::string found = base::hex(certificates->front().sha256());
  if (found == expected) return {};
  return refuse("wrong_root", "the approval's root has SHA-256 " + found + ", expected " + expected,
                "compare the fingerprint with the admin by another way; do not use this approval");
}

/// A key at the site, wherever it lies.
struct SiteKey {
  base::Secret pem;
  base::Bytes spki;
};

base::Status add_key(base::Secret pem, std::vector<SiteKey>& to) {
  FAIRLEAD_TRY(const crypto::PrivateKey key, crypto::PrivateKey::from_pem(pem.expose()));
  to.push_back({std::move(pem), key.public_key().spki()});
  return {};
}

/// Those that wait come first, then those in use.
base::Result<std::vector<SiteKey>> site_keys(const fs::path& kit, std::optional<PendingRequest>& pending) {
  std::vector<SiteKey> keys;
  if (pending)
    for (WaitingKey& key : pending->keys) FAIRLEAD_TRY(add_key(std::move(key.key_pem), keys));
  std::error_code ignored;
  if (!fs::exists(kit / "startup", ignored)) return keys;
  FAIRLEAD_TRY(const kit::Folder startup, kit::Folder::open(kit / "startup"));
  FAIRLEAD_TRY(const std::vector<std::string> names, startup.file_names());
  for (const std::string& name : names) {
    if (!name.ends_with(".key") || name == kit::kCurveKeyFile) continue;
    FAIRLEAD_TRY(base::Secret pem, startup.read_key(name));
    FAIRLEAD_TRY(add_key(std::move(pem), keys));
  }
  return keys;
}

/// The key that belongs to the first certificate of a chain.
base::Result<const SiteKey*> key_for(base::ByteView chain_pem, const std::vector<SiteKey>& keys) {
  FAIRLEAD_TRY(const auto chain, crypto::read_pem_certificates(chain_pem));
  FAIRLEAD_TRY(const crypto::PublicKey wanted, chain.front().public_key());
  const auto found = std::find_if(keys.begin(), keys.end(),
                                  [&](const SiteKey& key) { return base::equal(key.spki, wanted.spki()); });
  if (found != keys.end()) return &*found;
  return refuse("approval_other_key",
                "the certificate is for no key that is here: it answers another request",
                "install the approval of this site's own request");
}

/// A kit beside the one it is for, judged like any other before any of it gets its place.
class Staged {
 public:
  static base::Result<Staged> make(const fs::path& kit) {
    const fs::path path = kit / ".install.tmp";
    FAIRLEAD_TRY(kit::make_folders(kit));
    FAIRLEAD_TRY(kit::Descriptor lock, kit::lock_kit(kit));
    std::error_code ignored;  // what a crashed run left; make_folder reports what matters
    fs::remove_all(path, ignored);
    FAIRLEAD_TRY(kit::make_folder(path));
    FAIRLEAD_TRY(kit::make_folder(path / "startup"));
    return Staged(kit, path, std::move(lock));
  }
  Staged(Staged&& other) noexcept
      : kit_(std::move(other.kit_)), path_(std::exchange(other.path_, {})), lock_(std::move(other.lock_)) {}
  Staged& operator=(Staged&&) = delete;
  ~Staged() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }

  base::Status write(const std::string& file, base::ByteView content, uint32_t mode) const {
    FAIRLEAD_TRY(kit::make_folders((path_ / file).parent_path()));
    return kit::write_new_file(path_ / file, content, mode);
  }
  base::Result<kit::Kit> judge() const { return kit::Kit::open(path_, kit::VersionMemory::only_check); }
  /// startup/ comes last: with it the kit is there.
  base::Status publish() const {
    std::error_code ignored;
    for (const char* folder : {"local", "transfer"}) {
      if (fs::exists(kit_ / folder, ignored)) continue;
      FAIRLEAD_TRY(kit::make_folder(path_ / folder));
      FAIRLEAD_TRY(kit::put_in_place(path_ / folder, kit_ / folder));
    }
    FAIRLEAD_TRY(kit::put_in_place(path_ / "startup", kit_ / "startup"));
    fs::remove_all(kit_ / kRequestFolder, ignored);
    return kit::sync_folder(kit_);
  }

 private:
  Staged(fs::path kit, fs::path path, kit::Descriptor lock)
      : kit_(std::move(kit)), path_(std::move(path)), lock_(std::move(lock)) {}
  fs::path kit_, path_;
  kit::Descriptor lock_;  ///< while it lives, nobody else stages or exchanges here
};

base::Status write_entries(const Staged& staged, const Entries& entries, const std::vector<SiteKey>& keys) {
  for (const kit::ArchiveEntry& entry : entries) {
    FAIRLEAD_TRY(staged.write(entry.path, entry.content.expose(), kit::kFileMode));
    if (!entry.path.starts_with("startup/") || !entry.path.ends_with(".crt")) continue;
    FAIRLEAD_TRY(const SiteKey* key, key_for(entry.content.expose(), keys));
    const std::string name = entry.path.substr(0, entry.path.size() - 3) + "key";
    FAIRLEAD_TRY(staged.write(name, key->pem.expose(), kit::kKeyMode));
  }
  return {};
}

/// Whom the keys here are for.
base::Result<Subject> subject_here(const fs::path& kit, const std::optional<PendingRequest>& pending) {
  if (pending) return pending->request.subject;
  FAIRLEAD_TRY(const kit::Kit present, kit::Kit::open(kit, kit::VersionMemory::only_check));
  const kit::KitSettings& settings = present.settings();
  return Subject{settings.project, settings.name, settings.type};
}

base::Status check_made(const kit::Kit& made, const Subject& subject, const fs::path& kit) {
  const kit::KitSettings& settings = made.settings();
  if (Subject{settings.project, settings.name, settings.type} != subject)
    return refuse("approval_wrong_name",
                  "the approval is for " + std::string(base::name(settings.type)) + " " + settings.name +
                      " of project " + settings.project + ", asked for was " + base::name(subject.type) +
                      " " + subject.name + " of " + subject.project,
                  "install the approval of this site's own request");
  return kit::check_version(kit, {settings.kit_id, base::hex(made.root().sha256()), settings.kit_version},
                            kit::VersionMemory::only_check);
}

base::Result<kit::Kit> install(const Entries& entries, const fs::path& kit, const std::string& root_sha256,
                               const std::string& origin) {
  FAIRLEAD_TRY(check_keyless_entries(entries, origin));
  FAIRLEAD_TRY(check_root(entries, root_sha256));
  FAIRLEAD_TRY(std::optional<PendingRequest> pending, read_pending(kit));
  FAIRLEAD_TRY(const Subject subject, subject_here(kit, pending));
  FAIRLEAD_TRY(const std::vector<SiteKey> keys, site_keys(kit, pending));
  FAIRLEAD_TRY(const Staged staged, Staged::make(kit));
  FAIRLEAD_TRY(write_entries(staged, entries, keys));
  FAIRLEAD_TRY(const kit::Kit made, staged.judge());
  FAIRLEAD_TRY(check_made(made, subject, kit));
  FAIRLEAD_TRY(staged.publish());
  return kit::Kit::open(kit, kit::VersionMemory::only_check);
}

/// Where `cert request` put the key of whom the approval says that it is for; checked like any other folder.
base::Result<fs::path> folder_named_in(const Entries& entries) {
  const kit::ArchiveEntry* entry = find_entry(entries, std::string("startup/") + kit::kManifestFile);
  const auto manifest = entry != nullptr ? kit::parse_manifest(base::as_text(entry->content.expose()))
                                         : base::fail(base::ErrorCode::refused, "there is no manifest.json");
  if (manifest && check_subject({manifest->project, manifest->participant, manifest->type}))
    return fs::path(manifest->participant);
  return refuse("approval_malformed", "the approval does not say whom it is for",
                "ask for the answer of `fairlead cert approve`");
}

}  // namespace

base::Result<kit::Kit> install_approval(const InstallOrder& order) {
  FAIRLEAD_TRY(const std::string root, kit::parse_fingerprint(order.root_sha256));
  std::error_code ignored;
  const bool is_folder = fs::is_directory(order.approval, ignored);
  FAIRLEAD_TRY(const Entries entries,
               is_folder ? keyless_entries(order.approval) : kit::read_archive(order.approval));
  fs::path kit = order.kit;
  if (kit.empty()) {
    FAIRLEAD_TRY(kit, folder_named_in(entries));
  }
  return install(entries, kit, root, order.approval.string() + ":1:1");
}

base::Result<kit::Kit> install_approval(base::ByteView archive, const kit::Kit& present) {
  FAIRLEAD_TRY(const Entries entries, kit::read_archive(archive, "the server's answer"));
  return install(entries, present.path(), base::hex(present.root().sha256()), {});
}

base::Result<kit::Kit> install_certificate(const std::string& chain_pem, const kit::Kit& present) {
  const fs::path& kit = present.path();
  const kit::CredentialFiles names = kit::identity_files(present.settings().type);
  FAIRLEAD_TRY(std::optional<PendingRequest> pending, read_pending(kit));
  FAIRLEAD_TRY(const std::vector<SiteKey> keys, site_keys(kit, pending));
  FAIRLEAD_TRY(const SiteKey* key, key_for(base::as_bytes(chain_pem), keys));
  FAIRLEAD_TRY(const kit::Folder startup, kit::Folder::open(kit / "startup"));
  FAIRLEAD_TRY(const std::vector<std::string> files, startup.file_names());
  FAIRLEAD_TRY(const Staged staged, Staged::make(kit));
  for (const std::string& name : files) {
    if (name == names.certificate || name == names.key) continue;
    FAIRLEAD_TRY(const kit::Folder::Content content, startup.read(name));
    FAIRLEAD_TRY(staged.write("startup/" + name, content.bytes, content.mode));
  }
  FAIRLEAD_TRY(staged.write("startup/" + names.certificate, base::as_bytes(chain_pem), kit::kFileMode));
  FAIRLEAD_TRY(staged.write("startup/" + names.key, key->pem.expose(), kit::kKeyMode));
  FAIRLEAD_TRY(staged.judge());
  FAIRLEAD_TRY(staged.publish());
  return kit::Kit::open(kit, kit::VersionMemory::only_check);
}

}  // namespace fairlead::provision

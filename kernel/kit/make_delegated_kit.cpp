#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "base/names.hpp"
#include "kit/defect.hpp"
#include "kit/delegated.hpp"
#include "kit/delegation_files.hpp"
#include "kit/durable.hpp"
#include "kit/leftovers.hpp"
#include "kit/revocation_store.hpp"

namespace fairlead::kit {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;

constexpr std::chrono::hours kClockSkew{1};  // that the holder's certificate allows for; nobody asks it

base::Status check_site(const Kit& site) {
  const KitSettings& settings = site.settings();
  if (site.delegation() != nullptr)
    return base::fail(ErrorCode::bad_arguments, site.path().string() + " was delegated itself",
                      "use the site's own kit: only its key can delegate");
  if (!site.is_signed())
    return base::fail(ErrorCode::bad_arguments,
                      site.path().string() +
                          " is a kit of another provisioner: nothing in it is signed, so that what is "
                          "delegated from it could be changed on its way",
                      "provision the project with `fairlead provision`, and delegate from that kit");
  if (settings.type != base::ParticipantType::client && settings.type != base::ParticipantType::service)
    return base::fail(
        ErrorCode::bad_arguments,
        site.path().string() + " is the kit of a participant of type " + base::name(settings.type),
        "use the kit of a client or a service");
  if (settings.connection_security == base::ConnectionSecurity::mtls)
    return base::fail(ErrorCode::bad_arguments,
                      settings.name +
                          " connects by mtls, where every connection shows the site's own "
                          "certificate, and a third party has no key of it",
                      "provision the participant with connection_security tls, or run the process with a kit "
                      "of its own");
  return {};
}

base::Status check_endpoint(const Kit& site, const std::string& text) {
  FAIRLEAD_TRY(const base::Endpoint endpoint, base::Endpoint::parse(text));
  if (endpoint.participant() == site.settings().name && !endpoint.app().empty()) return {};
  return base::fail(ErrorCode::bad_arguments, "\"" + text + "\" is not an endpoint below this site",
                    "name one such as " + site.settings().name + "/sensor");
}

base::Status check_life(const Kit& site, std::chrono::milliseconds life, base::WallTime now) {
  if (life < std::chrono::seconds(1) || life > crypto::kLongestDelegation)
    return base::fail(ErrorCode::bad_arguments, "a delegation cannot last that long or that short",
                      "use a time from 1s to 24h");
  if (now + life <= site.leaf().not_after()) return {};
  return base::fail(ErrorCode::bad_arguments,
                    "the certificate of " + site.settings().name + " ends before the delegation would",
                    "use a shorter time, or renew the site's certificate");
}

base::Result<std::vector<std::string>> sorted(std::vector<std::string> topics) {
  for (const std::string& topic : topics)
    if (!crypto::is_delegable(topic))
      return base::fail(ErrorCode::bad_arguments, "\"" + topic + "\" cannot be delegated",
                        "name topics of 1 to 255 bytes; neither `*` alone nor one below admin/");
  std::ranges::sort(topics);
  const auto again = std::ranges::adjacent_find(topics);
  if (again != topics.end())
    return base::fail(ErrorCode::bad_arguments, "topic \"" + *again + "\" is named twice", "name it once");
  if (topics.empty() || topics.size() > crypto::kMaxDelegatedTopics)
    return base::fail(ErrorCode::bad_arguments, std::to_string(topics.size()) + " topics were named",
                      "name 1 to 32; one that ends in * stands for all that begin like it");
  return topics;
}

/// Everything that goes into KIT/delegation.
struct Made {
  crypto::Delegation content;
  crypto::SignedDelegation signed_one;
  crypto::Certificate certificate;
  base::Secret key_pem;
};

base::Result<Made> make(const Kit& site, const DelegationOrder& order, base::WallTime now,
                        base::Random& random) {
  FAIRLEAD_TRY(const crypto::PrivateKey key, crypto::PrivateKey::generate(crypto::KeyType::p256));
  crypto::Delegation content;
  content.issued = now;
  content.expires = now + order.life;
  content.audience = order.audience;
  content.endpoint = order.endpoint;
  content.spki = key.public_key().spki();
  FAIRLEAD_TRY(content.topics, sorted(order.topics));
  FAIRLEAD_TRY(crypto::SignedDelegation signed_one, crypto::sign_delegation(content, site.key()));
  crypto::CertificateProfile profile;
  profile.name = order.endpoint;  // and no URI: by itself it speaks for nobody
  profile.not_before = now - kClockSkew;
  profile.not_after = std::chrono::ceil<std::chrono::seconds>(content.expires);
  FAIRLEAD_TRY(crypto::Certificate certificate,
               crypto::issue_certificate(profile, key.public_key(), nullptr, key, random));
  FAIRLEAD_TRY(base::Secret key_pem, key.to_pem());
  return Made{std::move(content), std::move(signed_one), std::move(certificate), std::move(key_pem)};
}

/// What provision signed and what proves who the site is; no private key.
base::Status copy_startup(const Kit& site, const fs::path& folder) {
  FAIRLEAD_TRY(make_folder(folder));
  FAIRLEAD_TRY(const Folder from, Folder::open(site.path() / "startup"));
  FAIRLEAD_TRY(const std::vector<std::string> names, from.file_names());
  for (const std::string& name : names) {
    if (name.ends_with(".key")) continue;
    FAIRLEAD_TRY(const Folder::Content content, from.read(name));
    FAIRLEAD_TRY(write_new_file(folder / name, content.bytes, content.mode));
  }
  return sync_folder(folder);
}

/// How this site finds its server, and whom it has been told to distrust.
base::Status copy_local(const Kit& site, const fs::path& folder) {
  FAIRLEAD_TRY(make_folder(folder));
  const fs::path own = site.path() / "local";
  std::error_code ignored;
  if (fs::exists(own / "fairlead.yml", ignored)) {
    FAIRLEAD_TRY(const Folder from, Folder::open(own));
    FAIRLEAD_TRY(const Folder::Content content, from.read("fairlead.yml"));
    FAIRLEAD_TRY(write_new_file(folder / "fairlead.yml", content.bytes, kFileMode));
  }
  FAIRLEAD_TRY(const RevocationStore revoked, RevocationStore::open(site));
  const std::string lists(revoked.lists().pem());
  if (!lists.empty()) FAIRLEAD_TRY(write_new_file(folder / "crl.pem", base::as_bytes(lists), kFileMode));
  return sync_folder(folder);
}

base::Status write_delegation(const Made& made, const fs::path& folder) {
  FAIRLEAD_TRY(make_folder(folder));
  const std::string certificate = made.certificate.to_pem();
  FAIRLEAD_TRY(write_new_file(folder / kHolderKeyFile, made.key_pem.expose(), kKeyMode));
  FAIRLEAD_TRY(write_new_file(folder / kHolderCertificateFile, base::as_bytes(certificate), kKeyMode));
  FAIRLEAD_TRY(write_new_file(folder / kDelegationFile, made.signed_one.delegation, kKeyMode));
  FAIRLEAD_TRY(write_new_file(folder / kDelegationSignatureFile, made.signed_one.signature, kKeyMode));
  return sync_folder(folder);
}

/// In a folder beside its place, and judged there like any kit before it gets its name.
base::Status write_all(const Kit& site, const Made& made, const fs::path& folder) {
  FAIRLEAD_TRY(copy_startup(site, folder / "startup"));
  FAIRLEAD_TRY(copy_local(site, folder / "local"));
  FAIRLEAD_TRY(write_delegation(made, folder / kDelegationFolder));
  FAIRLEAD_TRY(sync_folder(folder));
  FAIRLEAD_TRY(Kit::open(folder, VersionMemory::only_check));
  return {};
}

tl::unexpected<base::Error> already_there(const fs::path& folder) {
  return tl::unexpected<base::Error>(base::Error{ErrorCode::refused,
                                                 folder.string() + " is there already",
                                                 "name another folder with -o, or remove this one",
                                                 {},
                                                 "folder_exists"});
}

/// Never over something else, not even over an empty folder.
base::Status put_in_place(const fs::path& made, const fs::path& folder) {
  if (::renameat2(AT_FDCWD, made.c_str(), AT_FDCWD, folder.c_str(), RENAME_NOREPLACE) != 0) {
    if (errno == EEXIST) return already_there(folder);
    return base::fail(ErrorCode::failed, "cannot rename to " + folder.string() + ": " + errno_text(errno),
                      "name a folder on another file system with -o");
  }
  base::Status synced = sync_folder(folder.has_parent_path() ? folder.parent_path() : ".");
  std::error_code ignored;
  if (!synced) fs::remove_all(folder, ignored);  // what failed leaves nothing
  return synced;
}

}  // namespace

base::Result<crypto::Delegation> make_delegated_kit(const Kit& site, const DelegationOrder& order,
                                                    const base::Clock& clock, base::Random& random) {
  FAIRLEAD_TRY(check_site(site));
  FAIRLEAD_TRY(check_endpoint(site, order.endpoint));
  FAIRLEAD_TRY(check_life(site, order.life, clock.wall()));
  FAIRLEAD_TRY(Made made, make(site, order, clock.wall(), random));
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(order.folder, ignored))) return already_there(order.folder);
  fs::path folder = order.folder.lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();
  sweep_leftovers(folder);
  FAIRLEAD_TRY(const Descriptor held, make_held_folder(folder));
  const fs::path beside = temporary_beside(folder);
  base::Status written = write_all(site, made, beside);
  if (written) written = put_in_place(beside, folder);
  if (!written) fs::remove_all(beside, ignored);
  FAIRLEAD_TRY(written);
  return std::move(made.content);
}

}  // namespace fairlead::kit

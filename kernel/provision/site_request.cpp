#include "provision/site_request.hpp"

#include <system_error>

#include "kit/durable.hpp"
#include "kit/folder.hpp"

namespace fairlead::provision {
namespace {

namespace fs = std::filesystem;

/// The key that is present now says that it wants the other one.
base::Status vouch(const SiteOrder& order, Request& request) {
  if (order.present == nullptr) return {};
  const std::string& pem = request.pem(KeyUse::identity);
  FAIRLEAD_TRY(request.voucher, order.present->key().sign(kVoucherLabel, base::as_bytes(pem)));
  return {};
}

base::Result<PendingRequest> make(const SiteOrder& order) {
  PendingRequest pending;
  pending.request.subject = order.subject;
  for (const KeyUse use : requested_uses(order.subject.type)) {
    const bool again = order.present != nullptr && order.key == SiteOrder::Key::present;
    FAIRLEAD_TRY(OwnKey own,
                 make_request(order.subject, use, again ? &order.present->key() : nullptr, order.key_type));
    pending.request.keys.push_back({use, std::move(own.request_pem)});
    pending.keys.push_back({use, std::move(own.key_pem)});
  }
  FAIRLEAD_TRY(vouch(order, pending.request));
  return pending;
}

base::Status write(const PendingRequest& pending, const fs::path& folder) {
  FAIRLEAD_TRY(kit::make_folder(folder));
  for (const kit::ArchiveEntry& entry : to_entries(pending.request))
    FAIRLEAD_TRY(kit::write_new_file(folder / entry.path, entry.content.expose(), kit::kFileMode));
  for (const WaitingKey& key : pending.keys)
    FAIRLEAD_TRY(kit::write_new_file(folder / files_of(key.use, pending.request.subject.type).key,
                                     key.key_pem.expose(), kit::kKeyMode));
  return kit::sync_folder(folder);
}

base::Error exists_already(const fs::path& folder, const Subject& subject) {
  return {base::ErrorCode::refused,
          "a request for " + subject.name + " of project " + subject.project + " waits there",
          "install its approval, or remove the folder", folder.string() + ":1:1", "request_exists"};
}

}  // namespace

base::Result<std::optional<PendingRequest>> read_pending(const fs::path& kit) {
  const fs::path path = kit / kRequestFolder;
  std::error_code ignored;
  if (!fs::exists(fs::symlink_status(path, ignored))) return std::nullopt;
  FAIRLEAD_TRY(const kit::Folder folder, kit::Folder::open(path));
  FAIRLEAD_TRY(const std::vector<std::string> names, folder.file_names());
  std::vector<kit::ArchiveEntry> entries;
  for (const std::string& name : names) {
    if (name.ends_with(".key")) continue;
    FAIRLEAD_TRY(const kit::Folder::Content content, folder.read(name, kLargestRequest));
    entries.push_back({name, content.mode, base::Secret(content.bytes)});
  }
  FAIRLEAD_TRY(Request request, from_entries(entries, path.string() + ":1:1"));
  PendingRequest pending{std::move(request), {}, true};
  for (const KeyUse use : requested_uses(pending.request.subject.type)) {
    FAIRLEAD_TRY(base::Secret key, folder.read_key(files_of(use, pending.request.subject.type).key));
    pending.keys.push_back({use, std::move(key)});
  }
  return pending;
}

base::Result<PendingRequest> request_certificate(const SiteOrder& order) {
  FAIRLEAD_TRY(check_subject(order.subject));
  FAIRLEAD_TRY(std::optional<PendingRequest> waiting, read_pending(order.kit));
  if (waiting && waiting->request.subject != order.subject)
    return tl::unexpected(exists_already(order.kit / kRequestFolder, waiting->request.subject));
  if (waiting) {
    FAIRLEAD_TRY(vouch(order, waiting->request));
    return std::move(*waiting);
  }
  FAIRLEAD_TRY(PendingRequest made, make(order));
  FAIRLEAD_TRY(kit::make_folders(order.kit));
  const fs::path draft = order.kit / ".request.tmp";
  std::error_code ignored;
  fs::remove_all(draft, ignored);
  FAIRLEAD_TRY(write(made, draft));
  FAIRLEAD_TRY(kit::rename_durably(draft, order.kit / kRequestFolder));
  return made;
}

}  // namespace fairlead::provision

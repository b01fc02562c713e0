#include "provision/revoke.hpp"

#include <algorithm>
#include <set>
#include <system_error>

#include "config/nearest.hpp"
#include "crypto/crl.hpp"
#include "kit/durable.hpp"
#include "kit/folder.hpp"
#include "provision/authority.hpp"
#include "provision/workspace.hpp"

namespace fairlead::provision {
namespace {

namespace fs = std::filesystem;
using crypto::RevocationLists;

/// The list that was issued last; nothing when there is none yet.
base::Result<std::optional<RevocationLists>> read_kept(const fs::path& state,
                                                       const crypto::Certificate& root) {
  std::error_code ignored;
  const fs::path file = state / kKeptListFile;
  if (fs::symlink_status(file, ignored).type() == fs::file_type::not_found) return std::nullopt;
  FAIRLEAD_TRY(const kit::Folder folder, kit::Folder::open(state));
  FAIRLEAD_TRY(const kit::Folder::Content content,
               folder.read(kKeptListFile, crypto::kLargestRevocationText));
  auto lists = RevocationLists::read(content.bytes, root, {}, base::WallTime::max());
  if (lists && lists->facts().size() == 1) return std::move(*lists);
  return tl::unexpected<base::Error>(base::Error{
      base::ErrorCode::bad_configuration, lists ? "this is not one revocation list" : lists.error().text,
      "delete it and run `fairlead cert revoke --refresh`", file.string() + ":1:1", "crl_malformed"});
}

base::Error never_issued(const Ledger& ledger, const std::string& name) {
  std::set<std::string_view> names;
  for (const IssuedCertificate& one : ledger.certificates) names.insert(one.participant);
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  const auto near = config::nearest(name, candidates);
  return {base::ErrorCode::bad_arguments,
          "no certificate was ever issued to \"" + name + "\"",
          near ? "did you mean " + std::string(*near) + "?"
               : "name a participant as it stands in the project file",
          {},
          "never_issued"};
}

/// Marks what is issued to `name` and in force. The ledger then says what the next list has to name.
base::Result<std::vector<IssuedCertificate>> mark_revoked(Ledger& ledger, const RevokeOptions& options,
                                                          base::WallTime now) {
  std::vector<IssuedCertificate> marked;
  bool is_known = options.name.empty();
  for (IssuedCertificate& one : ledger.certificates) {
    if (one.participant != options.name) continue;
    is_known = true;
    if (one.revoked) continue;
    if (one.serial.empty())
      return base::fail(base::ErrorCode::bad_configuration,
                        "the ledger does not hold the serial number of the certificate " + one.sha256,
                        "make the workspace anew: it was made by an older version");
    one.revoked = Revocation{now, options.reason};
    marked.push_back(one);
  }
  if (!is_known) return tl::unexpected(never_issued(ledger, options.name));
  return marked;
}

/// Entries stay on the list for ever: a node whose clock is behind must not take one back.
std::vector<crypto::RevokedSerial> entries_of(const Ledger& ledger) {
  std::vector<crypto::RevokedSerial> entries;
  for (const IssuedCertificate& one : ledger.certificates)
    if (one.revoked && one.not_after > one.revoked->at)
      entries.push_back({one.serial, one.revoked->at, one.revoked->reason});
  return entries;
}

/// What one run works on.
struct Place {
  Workspace workspace;
  crypto::Certificate root;
  Ledger ledger;
  std::optional<RevocationLists> kept;
};

base::Result<Place> open_place(const Workspace& workspace) {
  FAIRLEAD_TRY(auto root, read_root(workspace.state()));
  if (!root)
    return base::fail(base::ErrorCode::bad_arguments, "there is no root in " + workspace.state().string(),
                      "run `fairlead provision` first");
  FAIRLEAD_TRY(Ledger ledger, read_ledger(workspace.state()));
  FAIRLEAD_TRY(check_ledger_is_whole(workspace.state(), *root, ledger));
  FAIRLEAD_TRY(auto kept, read_kept(workspace.state(), *root));
  return Place{workspace, std::move(*root), std::move(ledger), std::move(kept)};
}

/// The copy for people is written only when it is another one: nobody has to copy it anew for nothing.
base::Status publish(const Place& place, std::string_view pem) {
  const fs::path file = place.workspace.list_file();
  FAIRLEAD_TRY(const kit::Folder folder, kit::Folder::open(place.workspace.folder()));
  const auto published = folder.read(kKeptListFile, crypto::kLargestRevocationText);
  if (published && base::equal(published->bytes, base::as_bytes(pem))) return {};
  return kit::replace_file(file, base::as_bytes(pem), kit::kFileMode);
}

base::Result<std::string> issue(const Place& place, const RevokeOptions& options, LedgerList& list,
                                base::WallTime now, RevokeReport& report) {
  FAIRLEAD_TRY(const Authority authority,
               open_authority(place.workspace.state(), place.root, options.passphrase));
  if (!authority.encrypted) report.warnings.push_back(unencrypted_warning(place.workspace.state()));
  list.number = place.ledger.newest_list + 1;
  list.this_update = std::chrono::floor<std::chrono::seconds>(now);
  list.next_update = authority.root.not_after();
  if (options.next_update)
    list.next_update = std::min(list.next_update, list.this_update + *options.next_update);
  const std::vector<crypto::RevokedSerial> entries = entries_of(place.ledger);
  list.count = entries.size();
  FAIRLEAD_TRY(std::string pem,
               crypto::issue_revocation_list({list.number, list.this_update, list.next_update, entries},
                                             authority.root, authority.key));
  // What nodes would refuse must not leave this place.
  FAIRLEAD_TRY(RevocationLists::read(base::as_bytes(pem), place.root, {}, now));
  return pem;
}

void describe(const RevocationLists& lists, RevokeReport& report) {
  const crypto::RevocationFacts& facts = lists.facts().front();
  report.number = facts.number;
  report.this_update = facts.this_update;
  report.next_update = facts.next_update;
  report.count = facts.count;
}

base::Status issue_and_write(Place& place, const RevokeOptions& options, base::WallTime now,
                             RevokeReport& report) {
  LedgerList list;
  FAIRLEAD_TRY(const std::string pem, issue(place, options, list, now, report));
  // The ledger first: what a crash leaves is then known as revoked, and the next run issues the list.
  FAIRLEAD_TRY(append_revocations(place.workspace.state(), report.revoked, list, now));
  FAIRLEAD_TRY(
      kit::replace_file(place.workspace.state() / kKeptListFile, base::as_bytes(pem), kit::kFileMode));
  report.issued = true;
  FAIRLEAD_TRY(place.kept, read_kept(place.workspace.state(), place.root));
  return {};
}

}  // namespace

base::Status check_ledger_is_whole(const fs::path& state, const crypto::Certificate& root,
                                   const Ledger& ledger) {
  FAIRLEAD_TRY(const auto kept, read_kept(state, root));
  const uint64_t number = kept ? kept->facts().front().number : 0;
  if (number <= ledger.newest_list) return {};
  return tl::unexpected<base::Error>(base::Error{base::ErrorCode::bad_configuration,
                                                 "the revocation list beside this ledger has number " +
                                                     std::to_string(number) + ", the ledger ends before it",
                                                 "restore the ledger from a backup",
                                                 (state / "ledger.jsonl").string() + ":1:1", "ledger"});
}

base::Result<RevokeReport> revoke(const RevokeOptions& options, const base::Clock& clock) {
  RevokeReport report;
  FAIRLEAD_TRY(report.project, find_project(options.workspace, options.project));
  const Workspace workspace(options.workspace, report.project);
  FAIRLEAD_TRY(const kit::Descriptor lock, workspace.lock());
  const base::WallTime now = clock.wall();
  FAIRLEAD_TRY(Place place, open_place(workspace));
  FAIRLEAD_TRY(report.revoked, mark_revoked(place.ledger, options, now));
  const bool is_current = place.kept && place.kept->facts().front().number == place.ledger.newest_list;
  if (options.name.empty() || !report.revoked.empty() || !is_current)
    FAIRLEAD_TRY(issue_and_write(place, options, now, report));
  FAIRLEAD_TRY(publish(place, place.kept->pem()));
  describe(*place.kept, report);
  report.file = workspace.list_file();
  return report;
}

}  // namespace fairlead::provision
